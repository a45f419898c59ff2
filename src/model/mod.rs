//! The words of the domain as types, and its rules as pure functions of their arguments.

pub mod article;
pub mod consent;
pub mod day;
pub mod delivery;
pub mod dkim;
pub mod dns;
pub mod doctor;
pub mod edition;
pub mod language;
pub mod mailbox;
pub mod newsletter;
pub mod pause;
pub mod provider;
pub mod publication;
pub mod rate;
pub mod reading;
pub mod report;
pub mod schedule;
pub mod slot;
pub mod subject;
pub mod subscriber;
pub mod suppression;
pub mod text;
pub mod time;
pub mod token;
pub mod warm_up;
