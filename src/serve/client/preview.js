// The browser's side of `pamphlet serve`: merges a changed page into the one in view, shows what is wrong with the sources,
// and puts the preview bar at the foot of the window.
//
// The server sends this file after `idiomorph.js` and `const PAMPHLET_CSS`, all three inside one function, so nothing here
// is a global of the page. What it adds is one element after `body` with a shadow root: outside `body` no merge touches it
// and no rule of the site such as `body > *` meets it. There is no inline style and no HTML made from text, so a site
// whose Content-Security-Policy allows its own scripts, styles and connections allows this.
"use strict";

const own = document.currentScript;
const prefix = own.dataset.prefix;
const address = own.dataset.page;
/** Names the bytes that are in view. */
let etag = own.dataset.etag;
// The page is then what the built site has, `:last-child` included.
own.remove();

const OWN_SCRIPT = "script[src$='/.pamphlet/preview.js']";
const SHEET_PATIENCE = 3000;

// ---------------------------------------------------------------------------------------------------------------------
// What is remembered for as long as the tab lives: whether the bar is folded, and which errors its reader has seen.

const remembered = (() => {
  try {
    return { folded: false, seen: [], ...JSON.parse(sessionStorage.getItem("pamphlet-preview")) };
  } catch {
    return { folded: false, seen: [] };
  }
})();

function remember(change) {
  Object.assign(remembered, change);
  try {
    sessionStorage.setItem("pamphlet-preview", JSON.stringify(remembered));
  } catch {
    // Storage is refused: it is then forgotten with the page.
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// The line to the server. A browser allows six connections to a host, so a tab that is not in view holds none.

let line = null;
let retry = 0;
let tries = 0;
let lostAfter = 0;

function connect() {
  clearTimeout(retry);
  if (line || document.visibilityState === "hidden") return;
  // With what it was last told, so that it learns what happened while nobody looked.
  const asked = new URLSearchParams({ page: address, etag, seen: view.state?.seen ?? "" });
  line = new EventSource(`${prefix}/.pamphlet/events?${asked}`);
  line.addEventListener("open", () => {
    tries = 0;
    clearTimeout(lostAfter);
    lostAfter = 0;
    view.lost = false;
    show();
  });
  // The browser would itself try again, but with the tag of what was in view when the line was first opened.
  line.addEventListener("error", () => {
    disconnect();
    // A restart takes a moment and needs no words.
    lostAfter ||= setTimeout(async () => {
      // Started again with another secret, it is there, but not for this tab.
      const answer = await fetch(location.pathname, { method: "HEAD", cache: "no-store" }).catch(() => null);
      if (!lostAfter) return;
      view.lost = answer?.status === 403 ? "shut" : "stopped";
      show();
      // What has stopped may be started again with another secret.
      lostAfter = 0;
    }, 1500);
    retry = setTimeout(connect, Math.min(250 * 2 ** tries++, 3000));
  });
  const on = (name, act) => line.addEventListener(name, (event) => act(JSON.parse(event.data || "{}")));
  on("state", (state) => {
    view.state = state;
    newFaults();
    show();
  });
  on("changed", refresh);
  on("gone", (gone) => {
    view.gone = gone;
    show();
  });
  on("files", ({ addresses }) => renew(addresses));
}

function disconnect() {
  clearTimeout(retry);
  line?.close();
  line = null;
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") disconnect();
  else connect();
});
addEventListener("pagehide", disconnect);
addEventListener("pageshow", connect);

// ---------------------------------------------------------------------------------------------------------------------
// Merging a changed page.

/** Whether what is in view is a page, and not what is answered where there is none. */
let wasThere = ![404, 500].includes(performance.getEntriesByType("navigation")[0]?.responseStatus);
let merging = false;
let again = false;

/** Fetches the page and merges it. A change that comes meanwhile is fetched afterwards, never beside it. */
async function refresh() {
  again = true;
  if (merging) return;
  merging = true;
  try {
    while (again) {
      again = false;
      await refreshOnce();
    }
  } catch (fault) {
    // A page that cannot be merged is loaded whole; a server that cannot be reached says so by the line that breaks.
    if (!(fault instanceof TypeError)) location.reload();
  } finally {
    merging = false;
  }
}

async function refreshOnce() {
  const goneBefore = view.gone;
  const answer = await fetch(location.pathname + location.search, { cache: "no-store" });
  if (answer.redirected) {
    if (!wasThere) return location.replace(answer.url);
    // It moved while the answer was under way: the server says so too, with the title of where it went.
    view.gone ??= { to: new URL(answer.url).pathname, title: null };
    return show();
  }
  if (!answer.headers.get("content-type")?.startsWith("text/html")) return location.reload();
  const text = await answer.text();
  const next = new DOMParser().parseFromString(text, "text/html");
  const script = next.querySelector(OWN_SCRIPT);
  const nextTag = script?.dataset.etag;
  script?.remove();
  // A page can go while its tab is not in view; the server then knows only that the bytes are others.
  if (answer.status === 404 && wasThere) {
    view.gone ??= { to: null, title: null };
    return show();
  }
  // A page that cannot be made is no page: the last good one stays, and the overlay says why.
  if (answer.status === 500 && wasThere) {
    view.stale = true;
    return show();
  }
  view.stale = false;
  wasThere = answer.status !== 404 && answer.status !== 500;
  // What was said of it while the answer was under way is newer than the answer.
  if (view.gone && view.gone === goneBefore) {
    view.gone = null;
    show();
  }
  if (nextTag && nextTag === etag) return;
  freshen(next);
  if (differ(scripts(document), scripts(next))) return location.reload();
  const sheets = await loadSheets(next);
  if (!sheets) return location.reload();
  keepingPlace(() => {
    sheets.swap();
    mergeHead(next.head);
    copyAttributes(document.documentElement, next.documentElement);
    copyAttributes(document.body, next.body);
    mergeBody(next.body);
  });
  etag = nextTag ?? etag;
  document.dispatchEvent(new CustomEvent("pamphlet:merged"));
}

const differ = (a, b) => a.length !== b.length || a.some((value, i) => value !== b[i]);

/** The page's programs, which cannot be undone: when they change, the page is loaded whole. Data in scripts is merged. */
function scripts(page) {
  const runs = (script) => !script.type || /^(module|importmap|text\/javascript|application\/javascript)$/i.test(script.type);
  return [...page.scripts].filter(runs).map((script) => script.getAttribute("src") ?? script.textContent);
}

const SHEETS = "link[rel~='stylesheet'], style";

/**
 * Loads the styles that are new, switched off, at the places where they belong. `swap` puts them on and the old ones out
 * in one step, so that nothing is ever shown without styles. Nothing comes back if the order of those kept differs, since
 * a sheet that is moved is loaded again.
 */
async function loadSheets(next) {
  const before = [...document.head.querySelectorAll(SHEETS)];
  const after = [...next.head.querySelectorAll(SHEETS)];
  const names = new Set(after.map((sheet) => sheet.outerHTML));
  const kept = new Map(before.filter((sheet) => names.has(sheet.outerHTML)).map((sheet) => [sheet.outerHTML, sheet]));
  if (differ([...kept.keys()], after.map((sheet) => sheet.outerHTML).filter((name) => kept.has(name)))) return null;
  const added = [];
  let place = null;
  for (const sheet of after.toReversed()) {
    const old = kept.get(sheet.outerHTML);
    if (old) {
      place = old;
      continue;
    }
    const copy = document.importNode(sheet, true);
    copy.media = "not all";
    added.push({ copy, media: sheet.getAttribute("media"), loaded: copy.localName === "link" ? settled(copy) : null });
    document.head.insertBefore(copy, place);
    place = copy;
  }
  await Promise.all(added.map(({ loaded }) => loaded));
  return {
    swap() {
      for (const { copy, media } of added) {
        if (media === null) copy.removeAttribute("media");
        else copy.media = media;
      }
      for (const sheet of before) if (!names.has(sheet.outerHTML)) sheet.remove();
    },
  };
}

/** When a sheet has been loaded, or will not be. */
function settled(sheet) {
  return new Promise((done) => {
    sheet.addEventListener("load", done, { once: true });
    sheet.addEventListener("error", done, { once: true });
    setTimeout(done, SHEET_PATIENCE);
  });
}

/** Everything of the head but styles and programs, which are there already. Their order means nothing. */
function mergeHead(next) {
  const rest = (head) => [...head.children].filter((child) => !child.matches(`${SHEETS}, script[src]`));
  const wanted = new Map(rest(next).map((child) => [child.outerHTML, child]));
  for (const child of rest(document.head)) if (!wanted.delete(child.outerHTML)) child.remove();
  for (const child of wanted.values()) document.head.append(document.importNode(child, true));
}

function copyAttributes(to, from) {
  for (const { name } of [...to.attributes]) if (!from.hasAttribute(name)) to.removeAttribute(name);
  for (const { name, value } of from.attributes) if (to.getAttribute(name) !== value) to.setAttribute(name, value);
}

/** Selects that the reader has set. What is typed tells itself: it differs from what the page came with. */
const chosen = new WeakSet();
document.addEventListener("change", ({ target }) => target.localName === "select" && chosen.add(target), true);

/** Whether an attribute is the reader's: what was opened, typed, ticked or chosen stays, whatever the page now says. */
function isReaders(name, element) {
  switch (element.localName) {
    case "details":
    case "dialog":
      return name === "open";
    case "input":
      if (name === "checked") return element.checked !== element.defaultChecked;
      return name === "value" && element.value !== element.defaultValue;
    case "textarea":
      return name === "value" && element.value !== element.defaultValue;
    case "option":
      return name === "selected" && chosen.has(element.closest("select"));
  }
  return false;
}

function mergeBody(next) {
  const selection = getSelection();
  const { anchorNode, anchorOffset, focusNode, focusOffset } = selection;
  // Its children, not itself: a node that stands in a document would be merged whole, a body inside the body.
  Idiomorph.morph(document.body, [...next.childNodes], {
    morphStyle: "innerHTML",
    callbacks: { beforeAttributeUpdated: (name, element) => !isReaders(name, element) },
  });
  // Text that is written anew loses the selection in it. Where nothing is selected, a call would steal the focus.
  const length = (node) => node.nodeValue?.length ?? node.childNodes.length;
  if (anchorNode && (anchorNode !== focusNode || anchorOffset !== focusOffset)) {
    if (document.contains(anchorNode) && document.contains(focusNode)) {
      const [from, to] = [Math.min(anchorOffset, length(anchorNode)), Math.min(focusOffset, length(focusNode))];
      selection.setBaseAndExtent(anchorNode, from, focusNode, to);
    }
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Keeping what is being read where it is. Elements are known again by their id or their words, not by being the same
// object: a merge that puts a paragraph in front writes each one's words into the next.

const pageSheet = new CSSStyleSheet();
pageSheet.replaceSync("@media screen { :root {} }");
document.adoptedStyleSheets = [...document.adoptedStyleSheets, pageSheet];
const rootRule = pageSheet.cssRules[0].cssRules[0];

function keepingPlace(merge) {
  const landmarks = scrollY > 0 ? visible() : [];
  // The browser's own anchoring would move the page a second time.
  rootRule.style.setProperty("overflow-anchor", "none", "important");
  const top = scrollY;
  merge();
  const found = landmarks.map(findAgain).find((landmark) => landmark);
  const way = found ? found.element.getBoundingClientRect().top - found.top : top - scrollY;
  if (Math.abs(way) >= 1) scrollBy({ top: way, behavior: "instant" });
  requestAnimationFrame(() => requestAnimationFrame(() => rootRule.style.removeProperty("overflow-anchor")));
}

/** Elements that begin in the window, from its top; then one that began above it and still fills it. */
function visible() {
  const begun = [];
  const running = [];
  for (const element of document.body.querySelectorAll("h1, h2, h3, h4, h5, h6, p, li, tr, dt, dd, pre, figure, img, summary, [id]")) {
    const { top, bottom } = element.getBoundingClientRect();
    if (bottom <= 0 || top >= innerHeight || bottom === top || isStuck(element)) continue;
    const mark = { id: element.id, name: element.localName, words: words(element), top, element };
    mark.nth = mark.id ? 0 : alike(mark).indexOf(element);
    (top >= 0 ? begun : running).push(mark);
    if (begun.length >= 24) break;
  }
  begun.sort((a, b) => a.top - b.top);
  return [...begun, ...running.reverse()];
}

const words = (element) => element.src || element.textContent.replace(/\s+/g, " ").trim();
const alike = (mark) => [...document.body.getElementsByTagName(mark.name)].filter((other) => words(other) === mark.words);

function isStuck(element) {
  for (let part = element; part && part !== document.body; part = part.parentElement) {
    if (/fixed|sticky/.test(getComputedStyle(part).position)) return true;
  }
  return false;
}

function findAgain(mark) {
  let element = mark.id ? document.getElementById(mark.id) : null;
  if (!mark.id && mark.words) element = alike(mark)[mark.nth];
  return element ? { element, top: mark.top } : null;
}

// ---------------------------------------------------------------------------------------------------------------------
// Files with new bytes at an old address. A page that asks again by the same address may be given the old bytes from
// memory, so the address gets a mark, and every page that is merged later gets it too.

const marks = new Map();

function renew(addresses) {
  const stamp = Date.now().toString(36);
  const paths = new Set(addresses.map((file) => new URL(prefix + file, location.origin).pathname));
  for (const script of document.scripts) {
    if (script.src && paths.has(new URL(script.src).pathname)) return location.reload();
  }
  for (const path of paths) marks.set(path, stamp);
  for (const link of document.head.querySelectorAll("link[rel~='stylesheet'][href]")) {
    const href = marked(link.getAttribute("href"));
    if (href === link.getAttribute("href")) continue;
    const copy = link.cloneNode();
    copy.setAttribute("href", href);
    settled(copy).then(() => link.remove());
    link.after(copy);
  }
  freshen(document);
}

/** The address with its mark, if its file has changed since the page was opened. */
function marked(href) {
  if (!href || !marks.size) return href;
  let url;
  try {
    url = new URL(href, location.href);
  } catch {
    return href;
  }
  const mark = url.origin === location.origin && marks.get(url.pathname);
  if (!mark) return href;
  url.searchParams.set("pamphlet", mark);
  return url.pathname + url.search + url.hash;
}

function freshen(page) {
  if (!marks.size) return;
  // In the page in view a sheet is exchanged once its new form has come; a page to be merged gets the addresses at once.
  const links = page === document ? "link:not([rel~='stylesheet'])" : "link";
  for (const [selector, name] of [["img, source, video, audio, track, iframe, embed, input", "src"], [links, "href"],
    ["video", "poster"], ["object", "data"], ["use, image", "href"]]) {
    for (const element of page.querySelectorAll(selector)) {
      const value = element.getAttribute(name);
      if (value && marked(value) !== value) element.setAttribute(name, marked(value));
    }
  }
  for (const element of page.querySelectorAll("[srcset]")) {
    const value = element.getAttribute("srcset");
    const next = value.replace(/(^|,)(\s*)(\S+[^\s,])/g, (_, comma, space, href) => comma + space + marked(href));
    if (next !== value) element.setAttribute("srcset", next);
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// The view is chosen by a cookie, since a link that is followed must stay in it.

function choose(value) {
  // Cookies know no ports; previews on other ports of this computer have views of their own.
  const name = `pamphlet_view_${location.port}`;
  const rest = `path=${prefix}/; SameSite=Strict`;
  document.cookie = value === "everything" ? `${name}=; max-age=0; ${rest}` : `${name}=${encodeURIComponent(value)}; ${rest}`;
  location.reload();
}

// ---------------------------------------------------------------------------------------------------------------------
// What is shown: made anew from `view` each time. Parts are kept by name, so that the focus stays where it is.

/** `stale`: the page in view is an older one, as the present one cannot be made. */
const view = { state: null, lost: false, gone: null, stale: false, sheet: false, panel: null };

const host = document.createElement("pamphlet-preview");
const shadow = host.attachShadow({ mode: "open" });
const sheet = new CSSStyleSheet();
sheet.replaceSync(PAMPHLET_CSS);
shadow.adoptedStyleSheets = [sheet];

/** An element with properties (`class`, `on…`, anything else an attribute) and children; what is null is left out. */
function h(name, properties, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (value == null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(9).filter((child) => child != null && child !== false && child !== ""));
  return element;
}

const PATHS = {
  warning: "M12 4 2.8 19.5h18.4zM12 10v4.5M12 17v.3",
  error: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7.5v5.5M12 16v.3",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v5.2l3.4 2",
  note: "M5 4h14v16H5zM8.5 9h7M8.5 12.5h7M8.5 16h4",
  down: "M6 9.5l6 6 6-6",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.3a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4",
  edit: "M4 20l1-4.5L16 4.5l3.5 3.5-11 11zM13.5 7l3.5 3.5",
};

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** Text in which what stands between backticks is set as code. */
const prose = (text) => text.split("`").map((part, i) => (i % 2 ? h("code", null, part) : part));
const count = (n, one, many) => `${n.toLocaleString("en-GB")} ${n === 1 ? one : many}`;
const errorsOf = (state) => (state?.faults ?? []).filter((fault) => fault.severity === "error");
/** An error is the same one when only lines were added above it. */
const key = (fault) => [fault.code, fault.file, fault.message].join("\n");

/** A link that opens the source in the author's editor. */
function editorLink(href, ...words) {
  if (!href || !/^[a-z][a-z0-9+.-]*:/i.test(href) || /^(javascript|data|vbscript):/i.test(href)) return null;
  return h("a", { class: "edit", href }, icon("edit"), ...words);
}

const live = h("div", { class: "unseen", role: "status", "aria-live": "polite" });
const spacer = h("div", { class: "spacer" });
const frame = h("aside", { class: "frame", "aria-label": "Pamphlet preview" });
shadow.append(spacer, live, frame);

/** Opens the sheet for an error of this page that was not there before, and says so of any to whoever hears the page. */
function newFaults() {
  const errors = errorsOf(view.state);
  const keys = errors.map(key);
  const isNew = keys.some((name) => !remembered.seen.includes(name));
  if (errors.some((fault) => fault.here && !remembered.seen.includes(key(fault)))) view.sheet = true;
  if (!errors.length) view.sheet = false;
  if (isNew) live.textContent = `${count(errors.length, "error", "errors")}: ${errors[0].message.replaceAll("`", "")}`;
  else if (!errors.length && remembered.seen.length) live.textContent = "No errors any more";
  remember({ seen: keys });
}

function show() {
  const { state } = view;
  const bar = state && !state.forced;
  const parts = [
    bar && view.sheet && errorsOf(state).length > 0 && faultSheet(state),
    bar && !remembered.folded && view.panel && panel(state),
    notices(state),
    bar && (remembered.folded ? tab(state) : barOf(state)),
  ].filter(Boolean);
  if (!parts.length) return host.remove();
  const held = shadow.activeElement?.dataset.part;
  const places = new Map([...frame.querySelectorAll("[data-scroll]")].map((part) => [part.dataset.scroll, part.scrollTop]));
  frame.replaceChildren(...parts);
  for (const [name, top] of places) frame.querySelector(`[data-scroll="${name}"]`)?.scrollTo(0, top);
  if (!host.isConnected) document.documentElement.append(host);
  if (held) frame.querySelector(`[data-part="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
  measure();
}

/** The end of the page, and what the keyboard reaches, must not lie under the bar. */
function measure() {
  const heights = [...frame.querySelectorAll(".notices, .bar, .tab")].map((part) => part.getBoundingClientRect().height);
  const height = heights.reduce((sum, one) => sum + one, 0);
  const room = `${Math.ceil(height + (remembered.folded ? 12 : 0))}px`;
  spacer.style.setProperty("block-size", room);
  rootRule.style.setProperty("scroll-padding-block-end", `calc(${room} + 12px)`);
}
addEventListener("resize", measure);

function setSheet(open, focus) {
  view.sheet = open;
  show();
  focusPart(open ? "sheet" : focus);
}

function setPanel(name) {
  const before = view.panel;
  view.panel = name;
  show();
  focusPart(name ? "panel" : before);
}

const focusPart = (name) => name && frame.querySelector(`[data-part="${name}"]`)?.focus({ preventScroll: true });

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog:modal")) return;
  const inside = shadow.activeElement !== null;
  if (view.panel) setPanel(null);
  else if (view.sheet) setSheet(false, inside ? "errors" : null);
  else return;
  event.preventDefault();
});

// Notices -------------------------------------------------------------------------------------------------------------

function notices(state) {
  const { gone, lost } = view;
  const asOf = state && !state.forced && /^\d/.test(state.view ?? "") ? state.view : null;
  if (!gone && !lost && !asOf) return null;
  const where = gone?.to && h("a", { class: "button", href: below(gone.to), "data-part": "to" }, `Go to ${gone.title ? `“${gone.title}”` : gone.to}`);
  return h("div", { class: "notices" },
    lost && h("p", { class: "notice", role: "status" }, lost === "shut"
      ? h("span", null, h("b", null, "The preview was started again under a new address."), " Open the one that the terminal shows.")
      : h("span", null, h("b", null, "The preview has stopped."), " It comes back by itself when it is started again.")),
    gone && h("p", { class: "notice gone", role: "status" },
      h("span", null, h("b", null, gone.to ? "This page has moved." : "This page is no longer there."), " You are looking at how it last was."),
      where),
    asOf && h("p", { class: "notice asof", role: "status" },
      icon("clock"), h("span", null, "Site as of ", h("b", null, wordsOf(state, asOf))),
      h("button", { class: "button", type: "button", "data-part": "back", onclick: () => choose("everything") }, "Back to now")));
}

/** The answer to a former address says where to go with the prefix, an entry that is looked up without it. */
const below = (to) => (to.startsWith(`${prefix}/`) ? to : prefix + to);

function wordsOf(state, when) {
  const known = (state.moments ?? []).find((moment) => moment.when === when);
  if (known) return known.words;
  // As the author's wall clock says it: the moment carries no zone, so none must be applied.
  const [day, time] = when.split("T");
  const date = new Date(`${day}T00:00:00Z`);
  const dayWords = Number.isNaN(date.valueOf()) ? day
    : date.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  return time ? `${dayWords}, ${time.slice(0, 5)}` : dayWords;
}

// Errors --------------------------------------------------------------------------------------------------------------

function faultSheet(state) {
  const errors = errorsOf(state);
  const groups = [["On this page", errors.filter((fault) => fault.here)], ["Elsewhere", errors.filter((fault) => !fault.here)]];
  return h("section", { class: "sheet errors", "aria-labelledby": "errors-title" },
    h("header", null,
      icon("error"),
      h("h2", { id: "errors-title", tabindex: "-1", "data-part": "sheet" }, count(errors.length, "error", "errors")),
      h("p", null, view.stale ? "The page stays as it last was until this is mended." : ""),
      h("button", { class: "plain icon", type: "button", "aria-label": "Make the errors small", "data-part": "small",
        onclick: () => setSheet(false, "errors") }, icon("down"))),
    h("div", { class: "body", "data-scroll": "errors", tabindex: "0", role: "group", "aria-label": "Errors", "data-part": "errors-body" },
      groups.filter(([, faults]) => faults.length).map(([title, faults]) => [h("h3", null, title), h("ul", null, faults.map(faultItem))]),
      state.more_faults > 0 && h("p", { class: "quiet" }, `And ${state.more_faults.toLocaleString("en-GB")} more, which the terminal lists.`)));
}

const placeOf = (fault) => [fault.file, fault.line, fault.column].filter((part) => part != null).join(":");

function faultItem(fault) {
  const excerpt = sourceLines(fault.text);
  return h("li", { class: `fault ${fault.severity}` },
    h("p", { class: "kind" }, h("b", null, fault.severity === "error" ? "Error" : "Warning"), h("span", { class: "code" }, fault.code)),
    h("p", { class: "message" }, prose(fault.message)),
    fault.file && h("p", { class: "place" }, h("span", null, placeOf(fault)), editorLink(fault.editor, "Open in editor")),
    excerpt && h("pre", { tabindex: "0", role: "group", "aria-label": `Source, ${placeOf(fault)}` }, excerpt),
    fault.help && h("p", { class: "help" }, h("b", null, "What to do: "), prose(fault.help)));
}

/** The lines of the source, without the message, the place and the help, which stand around them in words. */
function sourceLines(text) {
  if (!text) return "";
  const isSource = (line) => /^\s*(\d+\s*\||\||\.\.\.|⸬)/.test(line);
  const lines = text.split("\n").filter(isSource);
  while (lines.length && /^\s*\|\s*$/.test(lines[0])) lines.shift();
  while (lines.length && /^\s*\|\s*$/.test(lines.at(-1))) lines.pop();
  return lines.join("\n");
}

// The bar -------------------------------------------------------------------------------------------------------------

/** What an editor may want to know of this page: warnings about its source, and advice. */
function notesOf(state) {
  const warnings = (state.faults ?? []).filter((fault) => fault.severity !== "error" && fault.here);
  const said = new Set(warnings.map((fault) => fault.message));
  return [...warnings, ...(state.page?.advice ?? []).filter((advice) => !said.has(advice.message))];
}

function chips(state) {
  const states = state.page?.states ?? [];
  return states.length > 0 && h("ul", { class: "chips", "aria-label": "State of this page" },
    states.map(({ kind, words }) => h("li", { class: `chip ${kind}` }, words)));
}

function errorsButton(state) {
  const errors = errorsOf(state).length;
  return errors > 0 && h("button", { class: "tool alarm", type: "button", "aria-expanded": String(view.sheet), "data-part": "errors",
    onclick: () => setSheet(!view.sheet, "errors") }, icon("error"), count(errors, "error", "errors"));
}

const facts = (page) => [
  page.words != null && count(page.words, "word", "words"),
  page.minutes != null && page.minutes > 0 && `${page.minutes.toLocaleString("en-GB")} min read`,
].filter(Boolean);

function tool(name, picture, label, short) {
  return h("button", { class: "tool", type: "button", "aria-expanded": String(view.panel === name), "data-part": name,
    "aria-label": short ? label : null, onclick: () => setPanel(view.panel === name ? null : name) },
    icon(picture), short ? [h("span", { class: "long" }, label), h("span", { class: "short" }, short)] : label);
}

function barOf(state) {
  const { page } = state;
  const notes = notesOf(state).length;
  const moments = state.moments?.length ?? 0;
  return h("div", { class: "bar" },
    h("div", { class: "lead" },
      h("span", { class: "mark" }, "Preview"),
      chips(state),
      page?.title && h("span", { class: "title", title: page.title }, page.title),
      page && h("span", { class: "facts" }, facts(page).join(" · ")),
      page?.source && h("span", { class: "source" }, editorLink(page.editor, page.source.split("/").at(-1)) ?? page.source.split("/").at(-1))),
    h("div", { class: "tools" },
      errorsButton(state),
      page && tool("notes", notes ? "warning" : "note", notes ? count(notes, "warning", "warnings") : "About this page", notes ? String(notes) : "Page"),
      moments > 0 && tool("moments", "clock", `${moments} coming up`, String(moments)),
      h("div", { class: "switch", role: "group", "aria-label": "What the preview shows" },
        [["published", "As everyone sees it", "Everyone"], ["everything", "With drafts", "Drafts"]].map(([value, label, short]) =>
          h("button", { type: "button", "aria-pressed": String(state.view === value), "aria-label": label, "data-part": value,
            onclick: () => state.view !== value && choose(value) },
            h("span", { class: "long" }, label), h("span", { class: "short" }, short))))),
    h("button", { class: "plain icon fold", type: "button", "aria-label": "Fold the preview bar", "data-part": "fold", onclick: () => fold(true) }, icon("down")));
}

function fold(folded) {
  remember({ folded });
  view.panel = null;
  show();
  focusPart(folded ? "unfold" : "fold");
}

function tab(state) {
  const first = state.page?.states?.[0];
  return h("div", { class: "tab" },
    errorsButton(state),
    h("button", { class: "tool", type: "button", "data-part": "unfold", "aria-label": "Show the preview bar", onclick: () => fold(false) },
      icon("eye"), first && h("span", { class: `chip ${first.kind}` }, first.words), !first && "Preview"));
}

function panel(state) {
  const [title, content] = view.panel === "moments" ? ["Coming up", momentsPanel(state)] : ["This page", notesPanel(state)];
  return h("section", { class: "sheet panel", "aria-labelledby": "panel-title" },
    h("header", null,
      h("h2", { id: "panel-title", tabindex: "-1", "data-part": "panel" }, title),
      h("button", { class: "plain icon", type: "button", "aria-label": "Close", "data-part": "close", onclick: () => setPanel(null) }, icon("down"))),
    h("div", { class: "body", "data-scroll": "panel", tabindex: "0", role: "group", "aria-label": title, "data-part": "panel-body" }, content));
}

function notesPanel(state) {
  const { page } = state;
  if (!page) return [];
  const notes = notesOf(state);
  const note = (item) => h("li", { class: "fault warning" },
    h("p", { class: "message" }, prose(item.message)),
    item.help && h("p", { class: "help" }, prose(item.help)),
    item.file && h("p", { class: "place" }, h("span", null, placeOf(item)), editorLink(item.editor, "Open in editor")));
  return [
    h("dl", null,
      page.states?.length > 0 && h("div", null, h("dt", null, "State"), h("dd", null, page.states.map(({ words }) => words).join(", "))),
      facts(page).length > 0 && h("div", null, h("dt", null, "Length"), h("dd", null, facts(page).join(", "))),
      page.source && h("div", null, h("dt", null, "Source"), h("dd", null, h("span", { class: "file" }, page.source), editorLink(page.editor, "Open in editor")))),
    notes.length ? [h("h3", null, count(notes.length, "warning", "warnings")), h("ul", null, notes.map(note))]
      : h("p", { class: "quiet" }, "Nothing to mend on this page."),
  ];
}

function momentsPanel(state) {
  const option = (value, words, titles, current) => h("li", null,
    h("button", { class: "moment", type: "button", "aria-current": current ? "true" : null, "data-part": `at-${value}`, onclick: () => choose(value) },
      h("b", null, words), titles.map((title) => h("span", null, title))));
  const atMoment = /^\d/.test(state.view ?? "");
  return [
    h("p", { class: "quiet" }, "Choose a moment to see the site as everyone will see it then."),
    h("ul", { class: "moments" },
      atMoment && option("everything", "Back to now", state.now ? [state.now] : [], false),
      (state.moments ?? []).map((moment) => option(moment.when, moment.words, moment.titles ?? [], state.view === moment.when))),
  ];
}

connect();
