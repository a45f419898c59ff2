## Digests

# What the language calls itself: its name in a list of languages.
own-name = English

# The number of an edition: "No. 12".
number = No. { $number }

# The link to the edition's page.
view-in-browser = View in browser

# Before the names of the sections, where there are many articles.
inside = Inside: { $sections }

# The section of articles that have none.
also = Also in this edition

# Which other sources tell the same story, after the name of the first.
also-in = also in { $sources }

# The link to a recording, and to a film; its size stands behind it.
listen = Listen
watch = Watch

# Who wrote an article.
by = By { $names }

# Reading time.
minutes = { $count } min read

# The link to the articles that had no room.
more-on-the-web = and { $count } more on the web

# Why a subscriber gets this mail.
why = You receive this mail because you subscribed to { $title }.

# The link out.
unsubscribe = Unsubscribe

# The link to all editions.
archive = All editions

# Before the links to the feeds.
feeds = Feeds:

# What readers are told where links are counted.
counted = We count how often links are followed, never who follows them.

# Over an edition that is a test.
test = This is a test. The edition has not been published.

# Before the subject of a test.
test-mark = [Test]

# Names in a list: each that follows the first, and the last of all.
names-next = { $names }, { $name }
names-last = { $names } and { $name }

## Dates

# The day of an edition.
dates-with-weekday = { $weekday }, { $day } { $month } { $year }

# The day of an article; of this year, and of another.
dates-short = { $day } { $month }
dates-long = { $day } { $month } { $year }

# A day within these.
dates-day = { $day }

# From Monday on.
dates-weekday-1 = Monday
dates-weekday-2 = Tuesday
dates-weekday-3 = Wednesday
dates-weekday-4 = Thursday
dates-weekday-5 = Friday
dates-weekday-6 = Saturday
dates-weekday-7 = Sunday

# As they stand within a date.
dates-month-1 = January
dates-month-2 = February
dates-month-3 = March
dates-month-4 = April
dates-month-5 = May
dates-month-6 = June
dates-month-7 = July
dates-month-8 = August
dates-month-9 = September
dates-month-10 = October
dates-month-11 = November
dates-month-12 = December

## The mail that asks to confirm a subscription

# Subject and heading.
confirmation-subject = Please confirm your subscription to { $title }

# What happened, and what to do.
confirmation-request = Somebody, we hope it was you, asked us to send { $title } to this address. Confirm it, and the next edition is yours.

# The button.
confirmation-confirm = Confirm my subscription

# Before the address of the button's page, for who cannot press it.
confirmation-address = If the button does not work, open this address:

# What follows if it was somebody else.
confirmation-otherwise = If it was not you, do nothing: you will get no further mail.

# Why this mail came, at its foot.
confirmation-why = This one mail was sent because this address was entered in the form of { $title }.

## Pages

# The link past head and navigation.
page-skip = Skip to the content

# What the links at the head are.
page-navigation = This site

# The link to the front page.
page-front = Front page

# The link to what can be subscribed to.
page-newsletters = Newsletters

# What one of them is.
page-newsletter = Newsletter

# What a tag is.
page-section = Section

# An article's tags.
page-sections = Sections of this article

# Where there is no article yet.
page-nothing = Nothing has been published yet. Come back soon.

# The list of editions.
page-editions = Editions

# Where there is no edition yet.
page-no-edition = The first edition has not appeared yet.

# The edition before.
page-previous = Previous edition

# The edition after.
page-next = Next edition

# The links from a list of editions to those that are newer, and to those that are older.
page-newer-editions = Newer editions
page-older-editions = Older editions

# The title of a feed of editions.
page-editions-of = { $title }: editions

# The links to the feeds of something.
page-feeds-of = Feeds of { $title }

# What a feed is.
page-feed = Feed

# What that is, for who has not met one.
page-feed-meaning = This is a feed. Feed readers, programs and apps that collect the news of many sites in one place, read it; no account is needed, and no email address.

# What to do with the address that follows.
page-feed-use = Copy this address into yours, and what is new here comes to you by itself.

# Over the address of a feed.
page-feed-address = Address of this feed

# Before the links to a feed in its other formats.
page-feed-formats = The same in other formats

# Over the entries of a feed.
page-newest = Newest entries

# The link to older entries.
page-older = Older entries

# The link to newer entries.
page-newer = Newer entries

# The link to the list of all feeds.
page-all-feeds = All feeds of this site, to import into a feed reader (OPML)

# When an article was last changed.
page-changed = Last changed { $day }

# Over an author's biography.
page-author = About the author

# The link to the article on the publication's own site.
page-origin = Read this article on { $site }

# Over the links with which an article is passed on.
page-share = Share this article

page-share-mail = By mail

# What such a link is; the place is a network's name.
page-share-on = Share on { $place }

# Before the address itself.
page-share-copy = Or copy its address:

# Over articles that are like this one.
page-related = Read on

# Over the articles that were read most lately.
page-most-read = Most read

# Over the form.
page-subscribe-to = Subscribe to { $title }

# Over the choice of newsletters.
page-choose = Choose what you would like to read.

# The field for the address.
page-address = Email address

# The button of the form.
page-subscribe = Subscribe

# What happens after it is pressed.
page-promise = One mail asks you to confirm. You can leave at any time, with one click.

# Under a field that holds no address.
page-no-address = This is not an email address. Write it as in name@example.org.

# For an address at a domain of disposable mailboxes.
page-disposable = An address of this kind is soon gone. Use one at which you can be reached for longer.

# For an address of a function, where these are not taken.
page-role = An address such as info@ is read by several people, or by none. Use one of your own.

# Over a form that came too soon, or too late.
page-moment = That was very quick, or the form had been open for more than a day. Press the button once more.

# The field that is for programs to fall into; no reader sees it where there is style.
page-trap = Leave this field empty

# Under a form without a newsletter.
page-no-choice = Choose at least one newsletter.

# After the form was sent, whoever sent it.
page-asked-title = Look into your inbox
page-asked-text = A mail with a link is on its way to you. Open it and confirm, and the next edition is yours. If nothing comes within a few minutes, look among the spam.

# Over the button that confirms.
page-confirm-title = Subscribe to { $titles }?
page-confirm-text = One press, and the next edition comes to your inbox.

# After it was pressed.
page-confirmed-title = You are subscribed
page-confirmed-text = The next edition comes to your inbox. Every one has a link with which you can leave.

# Behind a link to confirm that is used or forgotten, whose reader is not subscribed now.
page-confirmation-over-title = This link is over
page-confirmation-over-text = It was used, or is too old. Subscribe again, and a new mail asks you to confirm.

# Over the button that unsubscribes.
page-leave-title = Unsubscribe from { $title }?
page-leave-text = One press, and no further edition is sent to you.

# After it was pressed.
page-left-title = You are unsubscribed from { $title }
page-left-text = No further edition is sent to you. You can come back whenever you like.

# For a link that was cut or made up.
page-bad-link-title = This link does not work
page-bad-link-text = It is not complete, or was changed on its way to you. Open it in the mail once more, or copy the whole address from there.

# For an address where nothing is.
page-not-found-title = There is no such page
page-not-found-text = The address may be mistyped, or what stood here has been taken away. The front page leads to everything that is here.

# For something that was there once.
page-gone-title = This newsletter has ended
page-gone-text = It no longer appears. The front page leads to those that do.

# For an article that has been retracted.
page-withdrawn-title = This article has been withdrawn
page-withdrawn-text = Its publisher has taken it back. The front page leads to everything that is here.

# For a request that cannot be understood.
page-bad-request-title = That could not be understood
page-bad-request-text = The request was not complete, or too large. Go back and try again.

# For words that cannot be searched for; the reason follows, in English.
page-unsearchable-title = These words cannot be searched for
page-unsearchable-text = Signs such as - + ( and : have a meaning of their own in a search. Put words that hold signs between double quotes.

# For a request with a condition that does not hold.
page-not-as-wanted-title = This is no longer what it was
page-not-as-wanted-text = The request was to be answered only as long as nothing had changed here, and something has. Ask again without that condition.

# For who asks too often.
page-too-many-title = That was too often
page-too-many-text = Please wait a few minutes, then try again.

# Where a form is not taken at once because too many come.
page-crowd-title = One moment, please
page-crowd-text = Very many are signing up just now. Your browser shows that a person is behind it, which takes a few seconds, and then goes on by itself.

# What to do there where no script runs.
page-crowd-wait =
    { $count ->
        [one] If nothing happens: wait one second, then press the button.
       *[other] If nothing happens: wait { $count } seconds, then press the button.
    }

# For a fault of ours.
page-failed-title = Something went wrong
page-failed-text = The fault is ours, and it has been noted. Please try again in a few minutes.

# For when too many ask at once.
page-busy-title = Too many readers at once
page-busy-text = Please try again in a moment.

## The page with which people search the archive

# The heading, and the link to it.
search-title = Search

# The field.
search-field = What are you looking for?

# Its button.
search-button = Search

# How to search.
search-hint = All words must be in an article. Put words that belong together between quotes.

# Where nothing was found.
search-nothing = Nothing was found. Try fewer or other words.

# Where only what belongs to a newsletter is looked for, and the link to the same search in everything.
search-within = In { $title } only
search-everywhere = Search everywhere

# The link to the results before.
search-previous = Previous results

# The link to those after.
search-next = More results

## The page on which readers manage what they get

# The link to it.
manage-link = Manage subscriptions

# Its heading.
manage-title = Your newsletters

# What holds for all that is done on it.
manage-intro = What you change here holds at once. Whoever has the address of this page can change it too, so keep it to yourself.

# Over what is done to all newsletters at once.
manage-all = All of them

# A subscription that is active.
manage-active = It is sent to you.

# One that is paused.
manage-paused = Paused. It is sent to you again from { $day } on.

# One that was paused because its reader did not answer whether they still want it.
manage-asleep = Paused: you were asked whether you still want it, and have not answered.

# One that waits to be confirmed.
manage-pending = A mail has asked you to confirm. Look into your inbox.

# A newsletter that the reader has left.
manage-left = You have unsubscribed.

# One that they do not have.
manage-absent = You do not get it.

# The field for the day from which on editions are sent again.
manage-until = Send it again from this day on

# What a pause is.
manage-pause-hint = Nothing is sent before that day. What appears meanwhile can be read on the web.

# The button that pauses one.
manage-pause = Pause

# The button that pauses all.
manage-pause-all = Pause all

# The button that ends a pause.
manage-resume = Send it again now

# Under a field that holds no day on which a pause may end.
manage-bad-day = Choose a day from tomorrow on, within a year.

# The button that takes back a farewell.
manage-undo = Undo

# The field for why a reader has left.
manage-why = Would you tell us why? (optional)

# Its button.
manage-why-send = Send

# After it was pressed.
manage-thanks = Thank you. It has been noted.

# For who is never mailed.
manage-suppressed = Nothing is sent to your address: mail to it came back, or was reported as unwanted. If that should change, write to us.

## What readers choose of a newsletter

# Over the topics of a newsletter, from which its readers choose.
choose-topics = Topics

# What it means to choose none.
choose-topics-hint = Tick none to get all of them.

# The field for how often a reader is written to.
choose-rhythm = How often

# A rhythm: by the newsletter's own schedule.
choose-newsletter = As it goes out

# A rhythm: a mail for each article.
choose-each-article = Each article as it comes

# A rhythm.
choose-daily = Once a day

# A rhythm.
choose-weekly = Once a week

# The field for the hour of the day.
choose-hour = At this hour

# For which rhythms the hour counts.
choose-hour-hint = The hour counts for once a day and once a week, on the clocks of the time zone.

# The field for the name of a time zone.
choose-time-zone = Time zone

# The field for the language of the mails that ask to confirm and the like: editions are in the newsletter's.
choose-language = Language of our mails about your subscription

# Instead of a language: that of the newsletter.
choose-language-of-newsletter = The newsletter's

# The button that keeps what was chosen.
choose-save = Save

# What was chosen in a field is not offered; what is.
choose-bad = { $field }: this cannot be chosen here. Choose from: { $allowed }.

# The name of a time zone that is none.
choose-bad-zone = No time zone has this name. Write one such as Europe/Brussels or America/New_York.

# A box to tick with a pause: what appears meanwhile is sent when it is over.
choose-catch-up = Send me then what I missed

## What readers do with their own data, and the mails with one link that they ask for

# The heading of it.
personal-title = Your data

# Why a link is mailed first.
personal-by-mail = To see your data, change your address or be erased you need a link that is mailed to you, because a digest may have been passed on.

# The button that has it mailed.
personal-send-link = Mail me the link

# Whose data it is.
personal-yours = What is known about { $address }

# The button that has the data.
personal-download = Download my data

# The field for a new address.
personal-new-address = New email address

# Its button.
personal-change = Change my address

# The button that leads to erasure.
personal-erase = Erase me …

# Over the form for an address to which a link is mailed.
personal-link-title = The link to your newsletters
personal-link-text = Type the address to which your newsletters come, and a mail with a link goes there.

# After it was sent, whoever sent it.
personal-link-asked-title = Look into your inbox
personal-link-asked-text = If this address is subscribed to something here, a mail with a link is on its way to it. The link works for a day. If nothing comes within a few minutes, look among the spam.

# For a link that is used or too old.
personal-over-title = This link is over
personal-over-text = It was used, or is too old. Have a new one mailed to you.

# After a new address was given.
personal-change-asked-title = Look into the new inbox
personal-change-asked-text = If newsletters can be sent to that address, a mail asks there whether it is yours. Until you confirm it, nothing changes. The old address is told of it too.

# Over the button that confirms it.
personal-confirm-title = Change your address to { $address }?
personal-confirm-text = One press, and your newsletters come to this address.

# That button.
personal-confirm-button = Use this address

# After it was pressed.
personal-changed-title = Your address is changed
personal-changed-text = From now on your newsletters come to the new address.

# For an address that cannot be had.
personal-taken-title = This address cannot be used
personal-taken-text = It is subscribed already, or asked never to be mailed. Nothing has been changed.

# Over the button that keeps the old address.
personal-keep-title = Keep your old address?
personal-keep-text = One press, and your newsletters come to the old address as before.

# That button.
personal-keep-button = Keep the old address

# After it was pressed.
personal-kept-title = Your address stays as it was
personal-kept-text = The change has been stopped. Links that were mailed before no longer show your data.

# Over the button that erases.
personal-erasing-title = Erase everything about you?
personal-erasing-text = Your subscriptions and all that is known about you are erased at once, and nobody can bring them back. Only a code made of your address is kept, so that it is never entered here again: you cannot subscribe with it any more.

# That button.
personal-erase-button = Erase everything

# After it was pressed.
personal-erased-title = You are erased
personal-erased-text = Nothing about you is left but a code made of your address, which keeps it out.

# The mail with the link.
personal-link-mail-subject = Your link for { $title }
personal-link-mail-request = Somebody, we hope it was you, asked for the link with which you manage your newsletters and your data at { $title }. It works for a day.
personal-link-mail-button = Open my page
personal-link-mail-otherwise = If it was not you, do nothing: nothing changes. Give the link to nobody.

# The mail to a new address.
personal-new-mail-subject = Please confirm your new address for { $title }
personal-new-mail-request = Somebody, we hope it was you, asked that their newsletters of { $title } come to this address. Confirm that within a day.
personal-new-mail-button = Use this address
personal-new-mail-otherwise = If it was not you, do nothing: you will get no further mail.

# The mail to the old one.
personal-old-mail-subject = Your address at { $title } is to be changed
personal-old-mail-request = Somebody, we hope it was you, asked that your newsletters of { $title } go to another address. If it was not you, stop it here.
personal-old-mail-button = Keep this address
personal-old-mail-otherwise = If it was you, do nothing. The link works until three days after the change.

# Over the button with which a reader keeps a newsletter after a long time.
personal-wanted-title = Do you still want { $title }?
personal-wanted-text = One press, and it comes to you as before.

# After it was pressed.
personal-still-wanted-title = Thank you
personal-still-wanted-text = It comes to you as before. Every edition has a link with which you can leave.

# The mail that asks for it.
personal-wanted-mail-subject = Do you still want { $title }?
personal-wanted-mail-request = You have had { $title } for a long time. Is it still of use to you? One press, and it comes as before.
personal-wanted-mail-button = Yes, keep sending it
personal-wanted-mail-otherwise = If you do nothing you are asked once more after a month. After another month it is paused, and nothing is lost: this button brings it back at any time.

# Why that mail came, at its foot.
personal-wanted-why = You receive this mail because you subscribed to { $title }. We do not know what you open or click: that is why we ask.

# Why such a mail came, at its foot.
personal-why = This one mail was sent because somebody asked for it on the pages of { $title }.

## Private newsletters

# On the page of one, in the place of its editions.
private-about = Its editions are for its readers alone. Subscribe, and every one comes to your inbox.

# On the pages that its readers' links open.
private-yours = This page is for readers of the newsletter, and its address is yours alone: whoever has it can read what you read.

# For a link of somebody who is not subscribed any more.
private-over-title = This link has ended
private-over-text = It opened a newsletter for one of its readers, and that subscription is over. Subscribe again, and the links in your mails open it again.

# Over the address of a reader's own feed.
private-feed = A feed for your feed reader

# What that is.
private-feed-hint = The address is yours alone: whoever has it can read the newsletter. If somebody else has got it, take another, and the old one ends.

# The buttons that make it, give it another address, and end it.
private-feed-make = Make a feed
private-feed-renew = Take another address
private-feed-end = End the feed

# For who came by a mail of another newsletter, which may have been passed on.
private-feed-elsewhere = To have a feed of this newsletter, open this page by the link in one of its mails, or by one that is mailed to you (below).

# For the address of a feed that is no more.
private-feed-over-title = This feed has ended
private-feed-over-text = Its reader has ended it, has taken another address, or is no longer subscribed. The page on which readers manage what they get, to which each mail of the newsletter leads, has the address of today.
