//! Who a message is from and for, as SMTP carries it.

use lettre::Address;
use lettre::transport::smtp::commands::{Mail, Rcpt};
use lettre::transport::smtp::extension::{MailBodyParameter, MailParameter};

use crate::mail::header::ascii_domain;
use crate::model::subscriber::{EmailAddress, InvalidEmail};

/// The envelope of one message: one sender, one recipient.
#[derive(Clone, Debug)]
pub struct Envelope {
    sender: Address,
    recipient: Address,
    size: usize,
}

impl Envelope {
    /// An envelope for a message of about `size` octets. Domains go out as A-labels.
    pub fn new(sender: &EmailAddress, recipient: &EmailAddress, size: usize) -> Result<Self, InvalidEmail> {
        let address = |address| ascii_domain(address).parse().map_err(|_| InvalidEmail);
        Ok(Self { sender: address(sender)?, recipient: address(recipient)?, size })
    }

    /// Whether it can only be carried with SMTPUTF8 (RFC 6531).
    pub(super) fn needs_smtputf8(&self) -> bool {
        let addresses: [&str; 2] = [self.sender.as_ref(), self.recipient.as_ref()];
        addresses.iter().any(|address| !address.is_ascii())
    }

    pub(super) fn size(&self) -> usize {
        self.size
    }

    pub(super) fn mail_command(&self, offers_size: bool) -> String {
        let mut parameters = Vec::new();
        if offers_size {
            parameters.push(MailParameter::Size(self.size));
        }
        if self.needs_smtputf8() {
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
            parameters.push(MailParameter::SmtpUtfEight);
        }
        Mail::new(Some(self.sender.clone()), parameters).to_string()
    }

    pub(super) fn rcpt_command(&self) -> String {
        Rcpt::new(self.recipient.clone(), Vec::new()).to_string()
    }
}
