//! `preset` of a `[[source]]`: the queries for the tables of programs that keep their articles in SQLite.

use url::Url;

/// A program whose tables are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Preset {
    Ghost,
    WordPress,
    WriteFreely,
}

pub(super) const PRESETS: &[(&str, Preset)] =
    &[("ghost", Preset::Ghost), ("wordpress", Preset::WordPress), ("writefreely", Preset::WriteFreely)];

/// What everybody may read. Ghost writes `__GHOST_URL__` for the site's address; tags whose names begin with # are internal.
const GHOST: &str = "SELECT p.id AS id,
    {base} || p.slug || '/' AS url,
    p.title AS title,
    p.custom_excerpt AS summary,
    replace(p.html, '__GHOST_URL__', rtrim({base}, '/')) AS html,
    (SELECT json_group_array(name) FROM (SELECT u.name AS name FROM posts_authors pa JOIN users u ON u.id = pa.author_id
        WHERE pa.post_id = p.id ORDER BY pa.sort_order)) AS authors,
    (SELECT json_group_array(name) FROM (SELECT t.name AS name FROM posts_tags pt JOIN tags t ON t.id = pt.tag_id
        WHERE pt.post_id = p.id AND t.visibility = 'public' ORDER BY pt.sort_order)) AS tags,
    replace(p.feature_image, '__GHOST_URL__', rtrim({base}, '/')) AS image,
    p.published_at AS published_at,
    p.updated_at AS updated_at
FROM posts p
WHERE p.type = 'post' AND p.status = 'published' AND p.visibility = 'public'";

/// What everybody may read without a password. What was written without blocks or paragraphs has them where there are empty
/// lines, as the program shows it.
const WORDPRESS: &str = "SELECT p.ID AS id,
    {base} || '?p=' || p.ID AS url,
    p.post_title AS title,
    nullif(p.post_excerpt, '') AS summary,
    CASE WHEN p.post_content LIKE '%<!-- wp:%' OR p.post_content LIKE '%<p%' THEN p.post_content
        ELSE '<p>' || replace(replace(p.post_content, char(13), ''), char(10) || char(10), '</p><p>') || '</p>' END AS html,
    (SELECT json_array(u.display_name) FROM wp_users u WHERE u.ID = p.post_author) AS authors,
    (SELECT json_group_array(name) FROM (SELECT t.name AS name FROM wp_term_relationships r
        JOIN wp_term_taxonomy x ON x.term_taxonomy_id = r.term_taxonomy_id JOIN wp_terms t ON t.term_id = x.term_id
        WHERE r.object_id = p.ID AND x.taxonomy IN ('category', 'post_tag') AND t.slug <> 'uncategorized'
        ORDER BY x.taxonomy, r.term_order, t.name)) AS tags,
    (SELECT a.guid FROM wp_postmeta m JOIN wp_posts a ON a.ID = CAST(m.meta_value AS INTEGER)
        WHERE m.post_id = p.ID AND m.meta_key = '_thumbnail_id' LIMIT 1) AS image,
    p.post_date_gmt AS published_at,
    p.post_modified_gmt AS updated_at
FROM wp_posts p
WHERE p.post_type = 'post' AND p.post_status = 'publish' AND p.post_password = ''";

/// What stands in blogs that are neither private nor behind a password, once it is time. A blog that is alone has no name in
/// its addresses.
const WRITEFREELY: &str = "SELECT p.id AS id,
    {base} || CASE WHEN (SELECT count(*) FROM collections) = 1 THEN '' ELSE c.alias || '/' END
        || coalesce(p.slug, p.id) AS url,
    p.title AS title,
    p.content AS markdown,
    json_array(c.title) AS authors,
    p.language AS language,
    p.created AS published_at,
    p.updated AS updated_at
FROM posts p JOIN collections c ON c.id = p.collection_id
WHERE c.privacy IN (0, 1) AND p.pinned_position IS NULL AND datetime(p.created) <= datetime('now')";

impl Preset {
    /// The query for a site at this address.
    pub(super) fn query(self, base_url: &Url) -> String {
        let query = match self {
            Self::Ghost => GHOST,
            Self::WordPress => WORDPRESS,
            Self::WriteFreely => WRITEFREELY,
        };
        let base = base_url.as_str().trim_end_matches('/').replace('\'', "''");
        query.replace("{base}", &format!("'{base}/'"))
    }
}
