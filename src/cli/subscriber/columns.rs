//! Which column of a table of people holds what.

use csv::StringRecord;

use crate::model::mailbox::Mailbox;

/// How programs in many languages head the column of addresses, without blanks and punctuation.
const ADDRESS: &str = "\
    email emailaddress mail mailaddress emailadresse mailadresse emailadres adresseemail \
    adressemail adresseelectronique adresseélectronique courriel mél correo correoelectrónico \
    correoelectronico endereçodeemail correioeletrónico correioeletrônico indirizzoemail \
    postaelettronica epost epostadress epostadresse sähköposti netfang eposta adresemail emailcím \
    poczta subscriberemail электроннаяпочта почта ηλεκτρονικήδιεύθυνση البريدالإلكتروني \
    بريدإلكتروني ایمیل رایانامه אימייל דואל メール メールアドレス eメール 电子邮件 电子邮箱 邮箱 電子郵件 이메일 ईमेल subscriber \
    address adresse dirección indirizzo endereço адрес アドレス";

/// How they head the column of whole names.
const NAME: &str = "\
    name fullname displayname subscribername nom nomcomplet nombre nombrecompleto nome nomecompleto \
    naam navn namn nimi imięinazwisko név jméno ime имя фио ім'я όνομα الاسم اسم نام שם 名前 氏名 お名前 \
    姓名 名字 이름 नाम isim ad";

/// How they head the columns of first and of last names, where there are two.
const FIRST_NAME: &str = "\
    firstname givenname vorname prénom prenom voornaam fornavn förnamn etunimi imię primeironome \
    first fname";
const LAST_NAME: &str = "\
    lastname surname familyname nachname familienname nomdefamille apellido apellidos cognome \
    sobrenome achternaam etternavn efternamn efternavn sukunimi nazwisko last lname";

/// How they head the column that tells who has left.
const STATE: &str = "\
    state status subscriptionstatus subscriptionstate statut estado stato";

/// What stands there for who has not left.
const ACTIVE: &str = "\
    active subscribed confirmed enabled aktiv actif activo attivo ativo 1 true yes";

/// Which column holds what, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    address: usize,
    /// What makes up the name, in this order.
    name: Vec<usize>,
    state: Option<usize>,
}

impl Columns {
    /// The columns by their heads; by what stands in the first row of people where no head is one of an address.
    pub(super) fn of_heads(heads: &StringRecord, first: Option<&StringRecord>) -> Option<Self> {
        let heads: Vec<String> = heads.iter().map(plain).collect();
        let find = |word: &str| heads.iter().position(|head| head == word);
        let holds_address = |column: &usize| {
            first.and_then(|row| row.get(*column)).is_some_and(|cell| cell.parse::<Mailbox>().is_ok())
        };
        let headed = || ADDRESS.split(' ').filter_map(find);
        let address = headed()
            .find(holds_address)
            .or_else(|| first.and_then(address_column))
            .or_else(|| headed().next())?;
        let other = |words: &str| words.split(' ').find_map(find).filter(|column| *column != address);
        let name = match (other(NAME), other(FIRST_NAME), other(LAST_NAME)) {
            (Some(whole), None, None) | (Some(whole), Some(_), Some(_)) => vec![whole],
            (Some(last), Some(first), None) | (Some(first), None, Some(last)) => vec![first, last],
            (None, first, last) => first.into_iter().chain(last).collect(),
        };
        Some(Self { address, name, state: other(STATE) })
    }

    /// The columns of a table without heads, by what stands in its first row.
    pub(super) fn of_row(row: &StringRecord) -> Option<Self> {
        let address = address_column(row)?;
        let name = if row.len() == 2 { vec![1 - address] } else { Vec::new() };
        Some(Self { address, name, state: None })
    }

    /// The cell with the address.
    pub(super) fn address<'r>(&self, row: &'r StringRecord) -> &'r str {
        row.get(self.address).unwrap_or_default().trim()
    }

    /// The name, of all its columns; empty where there is none.
    pub(super) fn name(&self, row: &StringRecord) -> String {
        let parts: Vec<&str> =
            self.name.iter().filter_map(|column| row.get(*column)).map(str::trim).collect();
        parts.join(" ")
    }

    /// Whether the row says of its person that they have left.
    pub(super) fn has_left(&self, row: &StringRecord) -> bool {
        let state = self.state.and_then(|column| row.get(column)).unwrap_or_default();
        !state.trim().is_empty() && !ACTIVE.split(' ').any(|word| word == state.trim().to_lowercase())
    }

    /// In words, with the heads where there are any.
    pub(super) fn describe(&self, heads: Option<&StringRecord>) -> String {
        let column = |column: usize| match heads.and_then(|heads| heads.get(column)) {
            Some(head) => format!("column {} ({head:?})", column + 1),
            None => format!("column {}", column + 1),
        };
        let mut words = vec![format!("addresses in {}", column(self.address))];
        if !self.name.is_empty() {
            let columns: Vec<String> = self.name.iter().map(|name| column(*name)).collect();
            words.push(format!("names in {}", columns.join(" and ")));
        }
        if let Some(state) = self.state {
            words.push(format!("who has left in {}", column(state)));
        }
        words.join(", ")
    }
}

/// The first cell that holds an address.
fn address_column(row: &StringRecord) -> Option<usize> {
    row.iter().position(|cell| cell.parse::<Mailbox>().is_ok())
}

/// A head in lower case, without blanks and punctuation.
fn plain(head: &str) -> String {
    head.chars().filter(|c| c.is_alphanumeric() || *c == '\'').flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(line: &str) -> StringRecord {
        line.split(',').collect()
    }

    #[test]
    fn columns_are_found_by_their_heads_in_many_languages() {
        for (heads, row, address, name) in [
            ("Name,Email", "Ada Brook,ada@a.example", "ada@a.example", "Ada Brook"),
            ("E-Mail Address,First Name,Last Name", "ada@a.example,Ada,Brook", "ada@a.example", "Ada Brook"),
            ("Nom,Prénom,Adresse e-mail", "Brook,Ada,ada@a.example", "ada@a.example", "Ada Brook"),
            ("Nombre,Apellidos,Correo electrónico", "Ada,Brook,ada@a.example", "ada@a.example", "Ada Brook"),
            ("Vorname,Nachname,E-Mail-Adresse", "Ada,Brook,ada@a.example", "ada@a.example", "Ada Brook"),
            ("Address,Email", "1 Press Street,ada@a.example", "ada@a.example", ""),
            ("氏名,メールアドレス", "ブルック,ada@a.example", "ada@a.example", "ブルック"),
            ("الاسم,البريد الإلكتروني", "آدا,ada@a.example", "ada@a.example", "آدا"),
            ("id,Contact", "7,ada@a.example", "ada@a.example", ""),
            ("email,name", "broken,Ada", "broken", "Ada"),
        ] {
            let (heads, row) = (record(heads), record(row));
            let columns = Columns::of_heads(&heads, Some(&row)).unwrap();
            assert_eq!((columns.address(&row), columns.name(&row).as_str()), (address, name), "{heads:?}");
        }
        assert_eq!(Columns::of_heads(&record("id,contact"), Some(&record("7,8"))), None);
    }

    #[test]
    fn columns_without_heads_are_found_by_what_stands_there() {
        let columns = Columns::of_row(&record("Ada Brook,ada@a.example")).unwrap();
        assert_eq!(columns.name(&record("Ada Brook,ada@a.example")), "Ada Brook");
        assert_eq!(columns.describe(None), "addresses in column 2, names in column 1");
        assert_eq!(Columns::of_row(&record("email,name")), None);
    }

    #[test]
    fn who_has_left_elsewhere_is_told_from_the_state() {
        let columns = Columns::of_heads(&record("email,status"), None).unwrap();
        for (row, has_left) in [
            ("a@a.example,Subscribed", false),
            ("a@a.example,", false),
            ("a@a.example", false),
            ("a@a.example,unsubscribed", true),
            ("a@a.example,ended", true),
            ("a@a.example,pending", true),
        ] {
            assert_eq!(columns.has_left(&record(row)), has_left, "{row}");
        }
    }
}
