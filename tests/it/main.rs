//! Courant's behaviours, through the outside of the program.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod articles;
mod bounces;
mod configuration;
mod database;
mod deliver;
mod deliveries;
mod demo;
mod digest;
mod dkim;
mod extract;
mod feed_check;
mod feed_commands;
mod feed_documents;
mod feed_selections;
mod feeds;
mod inbox;
mod layers;
mod pacing;
mod page_documents;
mod pages;
mod process;
mod providers;
mod publish;
mod relay;
mod relays;
mod reports;
mod restart;
mod retractions;
mod schedule;
mod sources;
mod store;
mod subscribe;
mod subscribers;
mod support;
mod unsubscribe;
