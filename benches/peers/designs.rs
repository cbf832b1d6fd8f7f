//! The settings and templates of the sites that are compared: the same pages with the same parts, written for each
//! program as its own manual shows.

use crate::sites::Kind;

/// The files of a site that are no content.
pub(crate) fn files(kind: Kind) -> &'static [(&'static str, &'static str)] {
    match kind {
        Kind::Plain => PLAIN,
        Kind::Civic => CIVIC,
        Kind::Searched => SEARCHED,
        Kind::Drawn => DRAWN,
        Kind::Hugo => HUGO,
    }
}

const CIVIC: &[(&str, &str)] = &[(
    "site.toml",
    r#"title = "Bench"
base_url = "https://example.org/"
theme = "civic"
[organisation]
name = "Bench"
[markdown]
smart_punctuation = true
# What the others do not make.
[search]
enabled = false
[share_images]
enabled = false
"#,
)];

/// With the index of the search.
const SEARCHED: &[(&str, &str)] = &[(
    "site.toml",
    r#"title = "Bench"
base_url = "https://example.org/"
theme = "civic"
[organisation]
name = "Bench"
[markdown]
smart_punctuation = true
[share_images]
enabled = false
"#,
)];

/// With an image of links for each publication.
const DRAWN: &[(&str, &str)] = &[(
    "site.toml",
    r#"title = "Bench"
base_url = "https://example.org/"
theme = "civic"
[organisation]
name = "Bench"
[markdown]
smart_punctuation = true
[search]
enabled = false
"#,
)];

const PLAIN: &[(&str, &str)] = &[
    (
        "site.toml",
        r#"title = "Bench"
base_url = "https://example.org/"
theme = "bench"
[organisation]
name = "Bench"
[markdown]
smart_punctuation = true
"#,
    ),
    (
        "themes/bench/theme.toml",
        r#"name = "Bench"
[collections.publications]
label = "publication"
traits = ["citable"]
path = "/publications/{slug}/"
template = "article.html"
[collections.publications.fields]
kind = "enum(blog)"
themes = "list(ref(themes))"
[collections.themes]
label = "theme"
traits = ["term"]
[collections.people]
label = "person"
traits = ["agent"]
[collections.people.fields]
role = "text"
[lists.publications]
title = "Publications"
from = "publications"
sort = "-date"
route = "/publications/"
per_page = 20
formats = ["html", "atom"]
[lists.theme]
from = "publications"
sort = "-date"
route = "/themes/{themes.slug}/"
per_page = 20
[lists.author]
from = "publications"
sort = "-date"
route = "/authors/{authors.slug}/"
per_page = 20
[lists.themes]
title = "Themes"
from = "themes"
route = "/themes/"
per_page = 100
template = "terms.html"
[lists.authors]
title = "Authors"
from = "people"
route = "/authors/"
per_page = 100
template = "terms.html"
"#,
    ),
    (
        "themes/bench/templates/base.html",
        r#"<!doctype html>
<html lang="{{ page.lang }}">
<head><meta charset="utf-8"><title>{{ page.title }} - {{ site.title }}</title>
<meta name="description" content="{{ page.description }}"><link rel="canonical" href="{{ page.url }}"></head>
<body><header><a href="{{ site.home }}">{{ site.title }}</a></header><main>{% block main %}{% endblock %}</main></body>
</html>
"#,
    ),
    (
        "themes/bench/templates/article.html",
        r##"{% extends "base.html" %}
{% block main %}<article><h1>{{ entry.title }}</h1><p>{{ entry.summary }}</p><p>{{ entry.date | date }}</p>
<ul>{% for one in entry.authors %}<li><a href="/authors/{{ one.key }}/">{{ one.title }}</a></li>{% endfor %}</ul>
<ul>{% for one in entry.themes %}<li><a href="/themes/{{ one.key }}/">{{ one.title }}</a></li>{% endfor %}</ul>
<nav><ol>{% for one in outline %}<li><a href="#{{ one.id }}">{{ one.text }}</a></li>{% endfor %}</ol></nav>
{{ content }}</article>{% endblock %}
"##,
    ),
    (
        "themes/bench/templates/entry.html",
        r#"{% extends "base.html" %}
{% block main %}<h1>{{ page.title }}</h1>{{ content }}{% endblock %}
"#,
    ),
    (
        "themes/bench/templates/list.html",
        r#"{% extends "base.html" %}
{% block main %}<h1>{{ page.title }}</h1>{% for group in groups %}<ul>{% for item in group.items %}
<li><a href="{{ item.href }}">{{ item.title }}</a> {{ item.date | date }}<p>{{ item.summary }}</p></li>{% endfor %}</ul>{% endfor %}
{% if pager.previous_href %}<a href="{{ pager.previous_href }}">Previous</a>{% endif %}
{% if pager.next_href %}<a href="{{ pager.next_href }}">Next</a>{% endif %}{% endblock %}
"#,
    ),
    (
        "themes/bench/templates/terms.html",
        r#"{% extends "base.html" %}
{% block main %}<h1>{{ page.title }}</h1><ul>{% for group in groups %}{% for item in group.items %}
<li><a href="{{ page.href }}{{ item.key }}/">{{ item.title }}</a></li>{% endfor %}{% endfor %}</ul>{% endblock %}
"#,
    ),
    (
        "themes/bench/templates/404.html",
        "{% extends \"base.html\" %}{% block main %}<h1>{{ page.title }}</h1>{% endblock %}\n",
    ),
];

const HUGO: &[(&str, &str)] = &[
    (
        "hugo.toml",
        r#"title = "Bench"
baseURL = "https://example.org/"
locale = "en-GB"
enableRobotsTXT = true
[taxonomies]
theme = "themes"
author = "authors"
[outputs]
home = ["html"]
section = ["html", "rss"]
taxonomy = ["html"]
term = ["html"]
[services.rss]
limit = 50
[pagination]
pagerSize = 20
disableAliases = true
[markup.highlight]
noClasses = false
"#,
    ),
    (
        "layouts/baseof.html",
        r#"<!doctype html>
<html lang="{{ site.Language.Locale }}">
<head><meta charset="utf-8"><title>{{ .Title }} - {{ site.Title }}</title>
<meta name="description" content="{{ .Params.summary }}"><link rel="canonical" href="{{ .Permalink }}"></head>
<body><header><a href="{{ site.Home.RelPermalink }}">{{ site.Title }}</a></header><main>{{ block "main" . }}{{ end }}</main></body>
</html>
"#,
    ),
    (
        "layouts/page.html",
        r#"{{ define "main" }}<article><h1>{{ .Title }}</h1><p>{{ .Params.summary }}</p><p>{{ .Date.Format "2 January 2006" }}</p>
<ul>{{ range .GetTerms "authors" }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>
<ul>{{ range .GetTerms "themes" }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>
{{ .TableOfContents }}
{{ .Content }}</article>{{ end }}
"#,
    ),
    ("layouts/section.html", HUGO_LIST),
    ("layouts/term.html", HUGO_LIST),
    (
        "layouts/taxonomy.html",
        r#"{{ define "main" }}<h1>{{ .Title }}</h1><ul>{{ range .Pages }}
<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>{{ end }}
"#,
    ),
    ("layouts/home.html", "{{ define \"main\" }}<h1>{{ .Title }}</h1>{{ .Content }}{{ end }}\n"),
    ("layouts/404.html", "{{ define \"main\" }}<h1>Page not found</h1>{{ end }}\n"),
    ("layouts/robots.txt", "User-agent: *\nSitemap: {{ \"sitemap.xml\" | absURL }}\n"),
];

const HUGO_LIST: &str = r#"{{ define "main" }}<h1>{{ .Title }}</h1>{{ $pager := .Paginate .Pages }}<ul>{{ range $pager.Pages }}
<li><a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ .Date.Format "2 January 2006" }}<p>{{ .Params.summary }}</p></li>{{ end }}</ul>
{{ if $pager.HasPrev }}<a href="{{ $pager.Prev.URL }}">Previous</a>{{ end }}
{{ if $pager.HasNext }}<a href="{{ $pager.Next.URL }}">Next</a>{{ end }}{{ end }}
"#;
