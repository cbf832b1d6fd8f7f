//! One page with links and loads of every kind.

use super::*;

struct Files;

impl Library for Files {
    fn bytes(&self, address: &Address) -> Option<Vec<u8>> {
        let bytes: &[u8] = match address.as_str() {
            "/a.css" => b"@import 'css/b.css'; body { background: url(css/x.png) } /* </style> */",
            "/css/b.css" => b"@font-face { src: url(../f.woff2) } p { background: url(https://cdn.example.com/p.png) }",
            "/css/x.png" | "/x.png" | "/pages/x.png" => b"png",
            "/f.woff2" => b"font",
            "/pages/hidden/" | "/pages/draft/" => b"<p>secret",
            _ => return None,
        };
        Some(bytes.to_vec())
    }

    fn is_public(&self, address: &Address) -> bool {
        matches!(address.as_str(), "/" | "/public/" | "/report.pdf")
    }
}

fn shared(html: &str) -> Shared {
    let base = Base::parse("https://example.org/site/").expect("a base");
    let banner =
        Banner { title: "A & <b>".into(), state: "draft".into(), publisher: "Us".into(), date: "1 May 2026".into() };
    share(html, &Address::new("/pages/draft/"), &base, &Files, &banner)
}

/// The addresses that a browser would load, from the page's attributes and styles.
fn loads(html: &str) -> Vec<String> {
    let found = RefCell::new(Vec::new());
    let add_css = |css: &str| {
        css::rewrite(css, &mut |address, _| {
            found.borrow_mut().push(address.to_owned());
            String::new()
        });
    };
    let settings = RewriteStrSettings::new()
        .append_element_content_handler(element!("*", |element| {
            let is_link = matches!(element.tag_name().as_str(), "a" | "area");
            for name in ["src", "srcset", "poster", "href", "xlink:href", "data", "background", "action", "imagesrcset"]
            {
                if let Some(value) = attribute(element, name)
                    && !(is_link && name.ends_with("href"))
                {
                    found.borrow_mut().push(value);
                }
            }
            add_css(&attribute(element, "style").unwrap_or_default());
            Ok(())
        }))
        .append_element_content_handler(text!("style", |chunk| {
            add_css(chunk.as_str());
            Ok(())
        }));
    rewrite_str(html, settings).expect("well-formed");
    found.into_inner()
}

#[test]
fn nothing_is_loaded_and_links_lead_where_the_reader_may_go() {
    let page = r##"<!doctype html><html lang="en"><head><title>T</title><meta charset="latin1"><base href="https://evil.example/">
        <link rel="stylesheet" href="/site/a.css" media="screen"><link rel="preload" href="/site/f.woff2"><link rel=icon href=../../x.png>
        <link rel=stylesheet href="https://cdn.example.com/s.css"><style>b { background: url("../x.png?a=1") }</style>
        <meta http-equiv=refresh content="0;url=https://evil.example/"><script>alert(1)</script></head>
        <body onload="x()"><img src="../x.png" srcset="../x.png, ../x.png 2x, https://cdn.example.com/i.png 3x" alt="">
        <img src="https://cdn.example.com/i.png?a=1&amp;b=2" alt="far"><video poster="/site/x.png" src="gone.mp4"></video>
        <picture><source srcset="/site/x.png 1x"></picture><p style="background: url(/site/x.png)">text</p>
        <svg><use href="/site/x.svg#a"/><image xlink:href="/site/x.png"/></svg><iframe src="https://video.example/1"></iframe>
        <object data="/site/x.png"></object><form action="/site/send"><button formaction="/x">go</button></form>
        <a id=a1 href="#part">part</a><a id=a2 href="/site/pages/draft/#part">part</a><a id=a3 href="../../public/?a=1&amp;b=2#c">public</a>
        <a id=a4 href="../hidden/" target=_blank>hidden</a><a id=a5 href="/site/report.pdf">PDF</a><a id=a6 href="mailto:a@example.org">mail</a>
        <a id=a7 href="javascript:x()">js</a><a id=a8 href="https://example.com/">away</a><a id=a9 href="../nowhere/">nowhere</a></body></html>"##;
    let Shared { html, left_out, hidden } = shared(page);
    for load in loads(&html) {
        assert!(load.starts_with("data:"), "{load} is loaded: {html}");
    }
    for gone in [
        "<script",
        "<base",
        "onload",
        "refresh\"",
        "preload",
        "<object",
        "<iframe",
        "action=\"",
        "http-equiv=refresh",
        "target",
    ] {
        assert!(!html.contains(gone), "{gone}: {html}");
    }
    for link in [
        "<a id=a1 href=\"#part\">",
        "<a id=a2 href=\"#part\">",
        "<a id=a3 href=\"https://example.org/site/public/?a=1&amp;b=2#c\">",
        "<a id=a4>hidden</a>",
        "<a id=a5 href=\"https://example.org/site/report.pdf\">",
        "<a id=a6 href=\"mailto:a@example.org\">",
        "<a id=a7>js</a>",
        "<a id=a8 href=\"https://example.com/\">",
        "<a id=a9>nowhere</a>",
    ] {
        assert!(html.contains(link), "{link}: {html}");
    }
    assert!(html.contains("<style media=\"screen\">") && html.contains("<\\/style> */"), "{html}");
    assert!(html.contains("“A &amp; &lt;b&gt;” · draft · Us · copy of 1 May 2026"), "{html}");
    assert_eq!(html.matches("noindex, nofollow").count(), 1);
    let hidden: Vec<&str> = hidden.iter().map(Address::as_str).collect();
    assert_eq!(hidden, ["/pages/hidden/"]);
    assert!(
        left_out.contains("https://cdn.example.com/i.png?a=1&b=2") && left_out.contains("gone.mp4"),
        "{left_out:?}"
    );
}

#[test]
fn a_page_without_head_and_body_is_labelled_too() {
    let html = shared("<!DOCTYPE html><title>T</title><p>text").html;
    assert!(
        html.starts_with("<!DOCTYPE html><meta charset=\"utf-8\">") && html.contains("Draft, not for publication"),
        "{html}"
    );
}
