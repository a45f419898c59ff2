//! Furniture known by its place in the HTML of themes and plugins: rules as CSS selectors.

use std::sync::LazyLock;

use dom_query::{Document, Matcher};

use crate::extract::text::{clean, of_node};
use crate::model::article::Cut;

use super::without_slots;

/// Furniture that is printed within an article too, so that feeds bring it along.
const WITHIN: &[(&str, &str)] = &[
    (
        "share",
        ".td-post-sharing, .td-post-sharing-top, .td-post-sharing-bottom, .td-post-sharing-classic, .tdb_single_post_share, .td-social-sharing, \
         .sharedaddy, .sd-sharing, .addtoany_share_save_container, .addtoany_content, .a2a_kit, .essb_links, .shareaholic-canvas, \
         .heateor_sss_sharing_container, .heateorSssSharing, .share-buttons, .social-share, .post-share, .entry-share, .share-post, .share-bar, \
         .social-sharing, .ssba, .swp_social_panel, .mashsb-container, .jeg_share_button, .jeg_sharelist, .sharing-buttons, .simplesocialbuttons, \
         .crp_share, .wp-block-social-links, .wp-block-outermost-social-sharing, .rrssb-buttons, .share-links, .article-share, .post-sharing, .novashare-buttons",
    ),
    (
        "related",
        ".jp-relatedposts, #jp-relatedposts, .wp-block-jetpack-related-posts, .yarpp, .yarpp-related, .related-posts, .relatedposts, .related_posts, \
         .related-articles, .relpost-thumb-wrapper, .rp4wp-related-posts, .crp_related, .td_block_related_posts, .tdb_single_related, .td-related-title, \
         .td_block_inner_related, .irp-wrapper, .internal-linking-related-contents, .jnews_inline_related_post, .jnews_related_post_container, \
         .post-related, .entry-related, .article-related, .read-also, .readalso, .also-read, .recommended-posts, .wp-block-newspack-blocks-homepage-articles, \
         .outbrain, .OUTBRAIN, .taboola, [id^='taboola-'], .zergnet, .more-like-this",
    ),
    (
        "ad-slot",
        "ins.adsbygoogle, .adsbygoogle, .td-a-rec, .td-adspot-title, .td-spot-id-content_inline, .tdm-spot, .ad-slot, .adslot, .ad-container, \
         .ad-wrapper, .ads-wrapper, .advertisement, .advertisements, .advert, .ai_widget, .ai-viewports, [id^='div-gpt-ad'], [id^='google_ads'], [class^='google-ad'], \
         .sponsored-content, .adthrive-ad, .mv-ad-box, .ezoic-ad, .ezoic-adpicker-ad, .wpb_ad, .jeg_ad, .quads-location, .advads-placement, [class^='advads-'], \
         .widget_ad, .dfp-ad, .ad-block, .banner-ad, .native-ad",
    ),
    (
        "newsletter",
        ".tds-newsletter, .td-newsletter, .tdn_newsletter, .mc4wp-form, .mailpoet_form, .mailmunch-forms-in-post-top, .newsletter-signup, .newsletter-form, \
         .newsletter-box, .newsletter-widget, .newsletter-subscribe, .tnp, .tnp-subscription, .wp-block-jetpack-subscriptions, .jetpack_subscription_widget, \
         .subscription-widget-wrap, .substack-widget, .convertkit-form, .formkit-form, .optin-box, .subscribe-box, .email-signup, .signup-form, .klaviyo-form",
    ),
    (
        "tags-row",
        ".td-post-source-tags, .td-tags, .tdb_single_tags, .tdb-tags, .post-tags, .tags-links, .tag-links, .entry-tags, .article-tags, .wp-block-post-terms, \
         .jeg_post_tags, .post-tag-list",
    ),
    (
        "count",
        ".td-post-views, .tdb_single_post_views, .post-views, .td-post-comments, .tdb_single_comments_count, .reading-time, .post-reading-time, \
         .rt-reading-time, .span-reading-time, .bsf-rt-reading-time",
    ),
    (
        "author-box",
        ".author-box-wrap, .tdb_single_author_box, .tdb-author-box, .td-author-line, .author-box, .saboxplugin-wrap, .pp-multiple-authors-boxes-wrapper, .m-a-box, .abh_box, \
         .entry-author, .about-author, .post-author-box, .author-bio, .author-info, .jeg_authorbox, .wp-block-post-author, .wp-post-author-wrap, .author-card",
    ),
    (
        "table-of-contents",
        "#toc_container, .ez-toc-container, #ez-toc-container, .lwptoc, .rank-math-toc, .wp-block-rank-math-toc-block, .aioseo-toc",
    ),
    (
        "listen",
        ".trinity-audio, .trinityAudioPlaceholder, .beyondwords-player, .audio-player-tts, .speechkit, .responsivevoice-button, .gspeech",
    ),
    (
        "comments",
        "#comments, .comments-area, .td-comments-title-wrap, #respond, .comment-respond, #disqus_thread, .fb-comments, .wpd-comments, #wpdcom",
    ),
    (
        "rating",
        ".kk-star-ratings, .post-ratings, .yasr-visitor-votes, .rating-box, .wp_ulike_general_class, .post-like",
    ),
];

/// Furniture of whole pages, which an article's own HTML has none of.
const AROUND: &[(&str, &str)] = &[
    (
        "site-header",
        ".td-header-wrap, .td-header-template-wrap, .td-header-mobile-wrap, .site-header, #masthead, #header, #site-header, header.header, .top-bar, .skip-link, \
         .mobile-menu, #mobile-menu, .td-menu-background, .td-mobile-content, .td-search-background, .td-search-wrap-mob, .site-navigation, .main-navigation, nav, [role='navigation'], \
         [role='banner'], [role='search'], .menu, .td-login-wrap, #login-form, .tdb_header_menu, .tdc-header-wrap",
    ),
    (
        "breadcrumbs",
        ".td-crumb-container, .entry-crumbs, .tdb-breadcrumbs, .tdb_breadcrumbs, .breadcrumbs, .breadcrumb, #breadcrumbs, .yoast-breadcrumbs, .rank-math-breadcrumb, [itemtype$='BreadcrumbList']",
    ),
    (
        "section",
        ".td-category, .tdb-category, .tdb_single_categories, .cat-links, .entry-category, .post-categories, .td-post-category",
    ),
    (
        "neighbours",
        ".td-post-next-prev, .tdb_single_next_prev, .td-block-row.td-post-next-prev, .post-navigation, .nav-links, .nav-single, .navigation.post-navigation, .posts-navigation, .jnews_prev_next_container, .post-nav, .entry-navigation",
    ),
    (
        "sidebar",
        ".td-ss-main-sidebar, .td-pb-span4, .td-is-sticky-sidebar, #sidebar, .sidebar, #secondary, .widget-area, .widget, aside.widget-area, [role='complementary'], .jeg_sidebar, .sidebar-wrap, .tdc-sidebar",
    ),
    (
        "popular",
        ".td_block_popular_posts, .popular-posts, .wpp-list, .most-read, .trending-now, .td_block_trending_now, .td-trending-now-wrapper, .popular",
    ),
    (
        "cookies",
        "#cookie-notice, #cookie-law-info-bar, .cookie-notice, .cookie-banner, .cookie-consent, #cookie-consent, .cc-window, #onetrust-consent-sdk, #CybotCookiebotDialog, .cky-consent-container, .moove-gdpr-info-bar-container, #cmplz-cookiebanner-container, .cmplz-cookiebanner, #usercentrics-root",
    ),
    (
        "site-footer",
        ".td-footer-wrap, .td-footer-template-wrap, .td-footer-container, .td-sub-footer-container, .tdc-footer-wrap, footer.site-footer, #colophon, #footer, .site-footer, [role='contentinfo'], body > footer, .footer",
    ),
    (
        "follow",
        ".td-social-style, .social-icons, .td_social_counter, .tdm_block_socials, .follow-us, .social-links, .social-follow",
    ),
    (
        "pop-up",
        ".modal, .popup, .pum-overlay, #popmake, .td-scroll-up, .td-js-loaded-popup, .lightbox, .overlay, .mfp-wrap, .elementor-location-popup",
    ),
];

struct Compiled {
    rule: &'static str,
    matcher: Matcher,
}

fn compiled(table: &'static [(&'static str, &'static str)]) -> Vec<Compiled> {
    let compile = |(rule, selectors): &(&'static str, &'static str)| {
        let matcher = Matcher::new(selectors).expect("the table's selectors are CSS; a test compiles each");
        Compiled { rule, matcher }
    };
    table.iter().map(compile).collect()
}

static COMPILED_WITHIN: LazyLock<Vec<Compiled>> = LazyLock::new(|| compiled(WITHIN));
static COMPILED_AROUND: LazyLock<Vec<Compiled>> = LazyLock::new(|| compiled(AROUND));

/// Removes the furniture that themes print within an article, and says what it was.
pub fn remove_within(document: &Document) -> Vec<Cut> {
    remove(document, &COMPILED_WITHIN)
}

/// Removes the furniture of a whole page, and says what it was.
pub fn remove_around(document: &Document) -> Vec<Cut> {
    remove(document, &COMPILED_AROUND)
}

fn remove(document: &Document, rules: &[Compiled]) -> Vec<Cut> {
    let mut cuts = Vec::new();
    for Compiled { rule, matcher } in rules {
        for node in document.select_matcher(matcher).nodes() {
            let is_gone = node.ancestors_it(None).last().is_none_or(|top| top.id != document.root().id);
            if is_gone || node.has_name("body") || node.has_name("html") || holds_article(node) {
                continue;
            }
            let text = clean(&of_node(node));
            node.remove_from_parent();
            if !text.is_empty() {
                cuts.push(Cut { rule: (*rule).to_owned(), text });
            }
        }
    }
    cuts
}

/// Whether what looks like furniture holds the article: a class of the whole page, say, or a careless name.
fn holds_article(node: &dom_query::NodeRef<'_>) -> bool {
    const PARAGRAPHS: usize = 3;
    let is_main = node.descendants_it().any(|below| {
        below.has_name("main") || below.attr("itemprop").is_some_and(|name| &*name == "articleBody")
    });
    let long_paragraphs =
        node.descendants_it().filter(|below| below.has_name("p") && below.normalized_char_count() > 200);
    is_main || long_paragraphs.take(PARAGRAPHS).count() == PARAGRAPHS
}

/// Removes the names of empty ad slots that are glued to a text.
pub fn remove_slots(document: &Document) {
    for node in document.root().descendants() {
        if !node.is_text() {
            continue;
        }
        let text = node.text();
        let kept = without_slots(&text);
        if kept.len() != text.len() && kept.len() != text.trim().len() {
            node.set_text(kept.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AROUND, Document, WITHIN, compiled, remove_around, remove_slots, remove_within};

    #[test]
    fn every_selector_is_css() {
        assert_eq!(compiled(WITHIN).len() + compiled(AROUND).len(), WITHIN.len() + AROUND.len());
    }

    #[test]
    fn furniture_goes_by_its_class_and_is_recorded() {
        let document = Document::fragment(
            "<p>Text</p><div class=sharedaddy>Share this: <a>Facebook</a></div><div class=sidebar>Popular</div>",
        );
        let rules: Vec<String> = remove_within(&document)
            .into_iter()
            .chain(remove_around(&document))
            .map(|cut| cut.rule)
            .collect();
        assert_eq!(rules, ["share", "sidebar"]);
        assert_eq!(&*document.html_root().text(), "Text");
    }

    #[test]
    fn a_careless_class_does_not_cost_the_article() {
        let article = format!(
            "<div class=sidebar>{}</div>",
            format!("<p>{}</p>", "A sentence of the article. ".repeat(10)).repeat(5)
        );
        let document = Document::fragment(article);
        assert!(remove_around(&document).is_empty() && document.select("p").length() == 5);
    }

    #[test]
    fn slots_glued_to_a_text_go() {
        let document = Document::fragment(
            "<p>The bridge is open.spot_imgspot_img</p><p>spot_img</p><p> a <b>b</b> c</p>",
        );
        remove_slots(&document);
        assert_eq!(
            &*document.html_root().inner_html(),
            "<p>The bridge is open.</p><p></p><p> a <b>b</b> c</p>"
        );
    }
}
