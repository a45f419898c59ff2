//! `courant doctor`: what stands between an edition and its readers, and what to do about it

mod database;

use std::net::{IpAddr, SocketAddr};

use serde::Serialize;

use super::{AlreadyReported, Context, Form, Output};
use crate::config::{self, Config, Problem, Severity};
use crate::daemon::settings;
use crate::dns::{self, Limits, Resolver};
use crate::jobs::doctor::{Means, examine};
use crate::model::doctor::{Finding, Group, Light};

/// Arguments of `courant doctor`.
#[derive(clap::Args)]
pub struct Args {
    /// Ask this resolver, and nobody else: an address, with or without a port, such as 127.0.0.1:5355
    #[arg(long, value_name = "ADDRESS", value_parser = server)]
    dns: Option<SocketAddr>,
    /// A public address from which the relay sends: SPF is evaluated for it, and its name looked up. May be repeated
    #[arg(long = "address", value_name = "IP")]
    addresses: Vec<IpAddr>,
    #[command(flatten)]
    form: Form,
}

#[derive(Serialize)]
struct Report<'f> {
    verdict: Light,
    findings: &'f [Finding],
}

fn server(text: &str) -> Result<SocketAddr, String> {
    dns::parse_server(text).ok_or_else(|| "write an address such as 127.0.0.1:5355 or 192.0.2.53".to_owned())
}

/// Looks at everything, and tells it.
pub async fn run(args: &Args, context: &Context) -> anyhow::Result<()> {
    let findings = match config::load(context.config_path()) {
        Ok(config) => examined(&config, args, context).await,
        Err(errors) => errors.problems().iter().map(of_problem).collect(),
    };
    let verdict = Light::worst(&findings);
    if args.form.json {
        context.output.json(&Report { verdict, findings: &findings })?;
    } else {
        print(&findings, &context.output)?;
    }
    if verdict == Light::Red { Err(AlreadyReported.into()) } else { Ok(()) }
}

async fn examined(config: &Config, args: &Args, context: &Context) -> Vec<Finding> {
    let mut findings: Vec<Finding> = config.warnings.iter().map(of_problem).collect();
    let valid = format!("{} is valid", context.config_path().display());
    findings.insert(0, Group::Configuration.green("file", valid));
    let now = context.clock.now();
    let (mut of_database, store) = database::examine(&config.database, now).await;
    findings.append(&mut of_database);
    let means = means(args);
    findings.extend(examine((&config.database, store.as_ref()), &settings(config), &means, now).await);
    if let Some(store) = store {
        store.close().await;
    }
    findings
}

fn means(args: &Args) -> Means {
    let resolver = args.dns.map(|server| Resolver::at(server, Limits::default()));
    Means {
        is_named: resolver.is_some(),
        resolver: resolver.unwrap_or_else(Resolver::system),
        addresses: args.addresses.clone(),
    }
}

fn of_problem(problem: &Problem) -> Finding {
    let remedy = problem.help.clone().unwrap_or_else(|| "see docs/configuration.md".to_owned());
    let message = match &problem.place {
        Some(place) => format!("line {}: {}", place.line, problem.message),
        None => problem.message.clone(),
    };
    match problem.severity {
        Severity::Warning => Group::Configuration.yellow("file", message, remedy),
        Severity::Error => Group::Configuration.red("file", message, remedy),
    }
}

fn print(findings: &[Finding], output: &Output) -> anyhow::Result<()> {
    let mut group = None;
    for finding in findings {
        if group.replace(finding.group) != Some(finding.group) {
            output.line(format!(
                "{}{}",
                if findings[0] == *finding { "" } else { "\n" },
                finding.group.as_str()
            ))?;
        }
        output.line(format!("  {:6}  {}: {}", finding.light.as_str(), finding.check, finding.message))?;
        if let Some(remedy) = &finding.remedy {
            output.line(format!("          what to do: {remedy}"))?;
        }
        if let Some(record) = &finding.record {
            output.line(format!("          {record}"))?;
        }
    }
    let count = |light| findings.iter().filter(|finding| finding.light == light).count();
    let (red, yellow, green) = (count(Light::Red), count(Light::Yellow), count(Light::Green));
    Ok(output.line(format!("\n{red} red, {yellow} yellow, {green} green"))?)
}
