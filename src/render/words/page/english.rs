//! English.

use super::{Asked, PageWords, Said, Sentence};

pub const WORDS: PageWords = PageWords {
    skip: "Skip to the content",
    navigation: "This site",
    front: "Front page",
    newsletters: "Newsletters",
    newsletter: "Newsletter",
    section: "Section",
    sections: "Sections of this article",
    nothing: "Nothing has been published yet. Come back soon.",
    editions: "Editions",
    no_edition: "The first edition has not appeared yet.",
    previous: "Previous edition",
    next: "Next edition",
    editions_of: Sentence("{}: editions"),
    feeds_of: Sentence("Feeds of {}"),
    feed: "Feed",
    feed_meaning: "This is a feed. Feed readers, programs and apps that collect the news of many sites in one place, read it; no account is needed, and no email address.",
    feed_use: "Copy this address into yours, and what is new here comes to you by itself.",
    feed_address: "Address of this feed",
    feed_formats: "The same in other formats",
    newest: "Newest entries",
    older: "Older entries",
    newer: "Newer entries",
    all_feeds: "All feeds of this site, to import into a feed reader (OPML)",
    changed: Sentence("Last changed {}"),
    author: "About the author",
    origin: Sentence("Read this article on {}"),
    subscribe_to: Sentence("Subscribe to {}"),
    choose: "Choose what you would like to read.",
    address: "Email address",
    subscribe: "Subscribe",
    promise: "One mail asks you to confirm. You can leave at any time, with one click.",
    no_address: "This is not an email address. Write it as in name@example.org.",
    no_choice: "Choose at least one newsletter.",
    asked: Said {
        title: "Look into your inbox",
        text: "A mail with a link is on its way to you. Open it and confirm, and the next edition is yours. If nothing comes within a few minutes, look among the spam.",
    },
    confirm: Asked {
        title: Sentence("Subscribe to {}?"),
        text: "One press, and the next edition comes to your inbox.",
    },
    confirmed: Said {
        title: "You are subscribed",
        text: "The next edition comes to your inbox. Every one has a link with which you can leave.",
    },
    leave: Asked {
        title: Sentence("Unsubscribe from {}?"),
        text: "One press, and no further edition is sent to you.",
    },
    left: Asked {
        title: Sentence("You are unsubscribed from {}"),
        text: "No further edition is sent to you. You can come back whenever you like.",
    },
    bad_link: Said {
        title: "This link does not work",
        text: "It is not complete, or was changed on its way to you. Open it in the mail once more, or copy the whole address from there.",
    },
    not_found: Said {
        title: "There is no such page",
        text: "The address may be mistyped, or what stood here has been taken away. The front page leads to everything that is here.",
    },
    gone: Said {
        title: "This newsletter has ended",
        text: "It no longer appears. The front page leads to those that do.",
    },
    withdrawn: Said {
        title: "This article has been withdrawn",
        text: "Its publisher has taken it back. The front page leads to everything that is here.",
    },
    bad_request: Said {
        title: "That could not be understood",
        text: "The request was not complete, or too large. Go back and try again.",
    },
    unsearchable: Said {
        title: "These words cannot be searched for",
        text: "Signs such as - + ( and : have a meaning of their own in a search. Put words that hold signs between double quotes.",
    },
    not_as_wanted: Said {
        title: "This is no longer what it was",
        text: "The request was to be answered only as long as nothing had changed here, and something has. Ask again without that condition.",
    },
    too_many: Said { title: "That was too often", text: "Please wait a few minutes, then try again." },
    failed: Said {
        title: "Something went wrong",
        text: "The fault is ours, and it has been noted. Please try again in a few minutes.",
    },
    busy: Said { title: "Too many readers at once", text: "Please try again in a moment." },
};
