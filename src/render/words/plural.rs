//! Which form of a word goes with a number (CLDR's plural rules, for whole numbers).

/// The forms that languages tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// Arabic 0.
    Zero,
    /// 1, and what counts like it.
    One,
    /// Arabic 2.
    Two,
    /// Arabic 3 to 10.
    Few,
    /// Arabic 11 to 99.
    Many,
    /// All that has no form of its own.
    Other,
}

/// The rule of a language.
pub type Rule = fn(usize) -> Category;

/// A phrase in each form that its language has; `{}` is the number, and the last form is [`Category::Other`].
#[derive(Clone, Copy, Debug)]
pub struct Forms(pub &'static [(Category, &'static str)]);

impl Forms {
    /// The phrase for `number`.
    pub fn count(self, number: usize, rule: Rule) -> String {
        let category = rule(number);
        let form = self.0.iter().find(|(has, _)| *has == category).or(self.0.last());
        form.map_or_else(|| number.to_string(), |(_, phrase)| phrase.replace("{}", &number.to_string()))
    }
}

/// English, German, Spanish.
pub fn one_is_singular(number: usize) -> Category {
    if number == 1 { Category::One } else { Category::Other }
}

/// French.
pub fn none_and_one_are_singular(number: usize) -> Category {
    if number < 2 { Category::One } else { Category::Other }
}

/// Arabic.
pub fn arabic(number: usize) -> Category {
    match (number, number % 100) {
        (0, _) => Category::Zero,
        (1, _) => Category::One,
        (2, _) => Category::Two,
        (_, 3..=10) => Category::Few,
        (_, 11..=99) => Category::Many,
        _ => Category::Other,
    }
}
