//! Words about the message and the transaction: size, form, commands.

use super::super::Reason;
use super::{Phrase, says};

/// The words, each with who was met writing them; the first that occurs decides.
#[rustfmt::skip]
pub(super) const MESSAGE: &[Phrase] = &[
    // The message is too big.
    says("message size", Reason::TooBig, "many"),
    says("message too big", Reason::TooBig, "many"),
    says("message too large", Reason::TooBig, "many"),
    says("size limit", Reason::TooBig, "many"),
    says("line limit", Reason::TooBig, "Exim"),
    says("line too long", Reason::TooBig, "Exim"),
    says("too big", Reason::TooBig, "many"),
    says("too large for", Reason::TooBig, "Exchange"),
    says("message length exceeds", Reason::TooBig, "RFC 3463"),
    says("length exceeds", Reason::TooBig, "RFC 3463"),
    says("exceeds maximum", Reason::TooBig, "Sendmail"),
    says("exceeds the maximum", Reason::TooBig, "Exchange"),
    says("size exceeds", Reason::TooBig, "Sendmail"),
    says("exceeds size", Reason::TooBig, "Postfix"),
    says("zu groß", Reason::TooBig, "Exchange"),
    says("trop volumineux", Reason::TooBig, "Exchange"),
    says("demasiado grande", Reason::TooBig, "Exchange"),
    // The form of the message.
    says("rfc compliant", Reason::Malformed, "Gmail"),
    says("not rfc", Reason::Malformed, "Gmail"),
    says("8-bit data", Reason::Malformed, "Sendmail"),
    says("headers too large", Reason::Malformed, "Sendmail"),
    says("header too long", Reason::Malformed, "Exim"),
    says("duplicate header", Reason::Malformed, "amavisd-new"),
    says("bad header", Reason::Malformed, "amavisd-new"),
    says("multiple from", Reason::Malformed, "Gmail"),
    says("in from: header", Reason::Malformed, "Gmail"),
    says("bare lf", Reason::Malformed, "qmail"),
    says("bare linefeed", Reason::Malformed, "Exchange"),
    says("missing header", Reason::Malformed, "Exim"),
    says("malformed address", Reason::Malformed, "Exim"),
    says("media error", Reason::Malformed, "RFC 3463"),
    says("syntactically invalid", Reason::Malformed, "Exim"),
    says("charset not", Reason::Malformed, "Exim"),
    says("invalid mime", Reason::Malformed, "Exim"),
    says("smtputf8", Reason::Malformed, "RFC 6531"),
    // Commands that were not understood.
    says("sequence of commands", Reason::Protocol, "RFC 5321"),
    says("command parameter not implemented", Reason::Protocol, "RFC 5321"),
    says("command not implemented", Reason::Protocol, "RFC 5321"),
    says("command not recognized", Reason::Protocol, "RFC 5321"),
    says("command unrecognized", Reason::Protocol, "Sendmail"),
    says("unrecognized command", Reason::Protocol, "many"),
    says("syntax error in", Reason::Protocol, "RFC 5321"),
];
