//! English.

use super::super::{Asked, Said};
use super::{ErrandWords, PersonalWords};
use crate::render::words::Sentence;

pub const WORDS: PersonalWords = PersonalWords {
    title: "Your data",
    by_mail: "To see your data, change your address or be erased you need a link that is mailed to you, because a digest may have been passed on.",
    send_link: "Mail me the link",
    yours: Sentence("What is known about {}"),
    download: "Download my data",
    new_address: "New email address",
    change: "Change my address",
    erase: "Erase me …",
    link: Said {
        title: "The link to your newsletters",
        text: "Type the address to which your newsletters come, and a mail with a link goes there.",
    },
    link_asked: Said {
        title: "Look into your inbox",
        text: "If this address is subscribed to something here, a mail with a link is on its way to it. The link works for a day. If nothing comes within a few minutes, look among the spam.",
    },
    over: Said {
        title: "This link is over",
        text: "It was used, or is too old. Have a new one mailed to you.",
    },
    change_asked: Said {
        title: "Look into the new inbox",
        text: "If newsletters can be sent to that address, a mail asks there whether it is yours. Until you confirm it, nothing changes. The old address is told of it too.",
    },
    confirm: Asked {
        title: Sentence("Change your address to {}?"),
        text: "One press, and your newsletters come to this address.",
    },
    confirm_button: "Use this address",
    changed: Said {
        title: "Your address is changed",
        text: "From now on your newsletters come to the new address.",
    },
    taken: Said {
        title: "This address cannot be used",
        text: "It is subscribed already, or asked never to be mailed. Nothing has been changed.",
    },
    keep: Said {
        title: "Keep your old address?",
        text: "One press, and your newsletters come to the old address as before.",
    },
    keep_button: "Keep the old address",
    kept: Said {
        title: "Your address stays as it was",
        text: "The change has been stopped. Links that were mailed before no longer show your data.",
    },
    erasing: Said {
        title: "Erase everything about you?",
        text: "Your subscriptions and all that is known about you are erased at once, and nobody can bring them back. Only a code made of your address is kept, so that it is never entered here again: you cannot subscribe with it any more.",
    },
    erase_button: "Erase everything",
    erased: Said {
        title: "You are erased",
        text: "Nothing about you is left but a code made of your address, which keeps it out.",
    },
    link_mail: ErrandWords {
        subject: Sentence("Your link for {}"),
        request: Sentence(
            "Somebody, we hope it was you, asked for the link with which you manage your newsletters and your data at {}. It works for a day.",
        ),
        button: "Open my page",
        otherwise: "If it was not you, do nothing: nothing changes. Give the link to nobody.",
    },
    new_mail: ErrandWords {
        subject: Sentence("Please confirm your new address for {}"),
        request: Sentence(
            "Somebody, we hope it was you, asked that their newsletters of {} come to this address. Confirm that within a day.",
        ),
        button: "Use this address",
        otherwise: "If it was not you, do nothing: you will get no further mail.",
    },
    old_mail: ErrandWords {
        subject: Sentence("Your address at {} is to be changed"),
        request: Sentence(
            "Somebody, we hope it was you, asked that your newsletters of {} go to another address. If it was not you, stop it here.",
        ),
        button: "Keep this address",
        otherwise: "If it was you, do nothing. The link works until three days after the change.",
    },
    why: Sentence("This one mail was sent because somebody asked for it on the pages of {}."),
};
