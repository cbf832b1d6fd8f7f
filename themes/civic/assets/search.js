// The search page: words and limits in the form, results below it, both in the address, so that a search can be linked to.
// The index is loaded when the reader first turns to the form. Nothing is stored and nothing leaves the site.

const form = document.querySelector("[data-search]");
const words = form.querySelector("[type=search]");
const status = document.querySelector(".search-status");
const list = document.querySelector(".search-results");
const more = document.querySelector(".search-more");
const facets = [...form.querySelectorAll("[data-facet]")];
const groups = (facet) => [...facet.querySelectorAll(".search-group")];
const AT_ONCE = 10;

let index = null;
let found = [];
let shown = 0;
let latest = 0;

const element = (name, className, text = "") => {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
};

const load = () => {
  index ??= import(form.dataset.search).then(async (search) => {
    await search.init();
    return search;
  });
  return index;
};

// The words around what was found, from `from` up to `to`, its marks in them. The heading that the text begins with is left out,
// as it stands above them already. The index leaves out words that it put between letters of languages without spaces.
const EXCERPT = 30;
const excerpt = (className, page, heading, from = 0, to = Infinity) => {
  const raw = page.raw_content.replaceAll("&lt;", "<").replaceAll("&gt;", ">");
  const gap = raw.includes("\u200b") ? "" : " ";
  const said = gap ? raw.split(/[^\S\uFEFF]+/) : raw.split("\u200b");
  const letters = (text) => text.replace(/[^\p{L}\p{N}]/gu, "");
  const [wanted, end] = [letters(heading), Math.min(to, said.length)];
  let begin = from;
  for (let next = from, read = ""; next < end && read.length < wanted.length; next++) {
    read += letters(said[next]);
    if (read === wanted) begin = next + 1;
  }
  const hits = [...new Set(page.locations)].filter((one) => one >= begin && one < end).sort((a, b) => a - b);
  const near = (first) => hits.filter((one) => one >= first && one < first + EXCERPT).length;
  const best = hits.reduce((best, one) => (near(one) > near(best) ? one : best), hits[0] ?? begin);
  // Whole if what was found is near the beginning, else with some words before it.
  const start = best < begin + EXCERPT / 2 ? begin : Math.max(begin, Math.min(best - EXCERPT / 4, end - EXCERPT) | 0);
  const line = element("p", className);
  for (let one = start; one < Math.min(start + EXCERPT, end); one++) {
    line.append(hits.includes(one) ? element("mark", "", said[one]) : said[one], gap);
  }
  return line;
};

const linked = (href, text) => {
  const link = element("a", "", text);
  link.href = href;
  return link;
};

// A day, or a month or a year where no more is known.
const day = (written) => {
  const date = new Date(written.length === 4 ? `${written}-01-01` : written);
  if (Number.isNaN(date.getTime())) return written;
  const parts = { year: "numeric", ...(written.length > 4 && { month: "long" }), ...(written.length > 7 && { day: "numeric" }), timeZone: "UTC" };
  return new Intl.DateTimeFormat(document.documentElement.lang, parts).format(date);
};

// The day of an event, else the picture of what was found; the title stands beside it.
const beside = ({ timed, date, cover }) => {
  if (timed && date?.length > 7) {
    const line = element("p", "day");
    const time = element("time", "", ` ${day(date.slice(0, 7))}`);
    time.dateTime = date;
    time.prepend(element("b", "", +date.slice(8, 10)));
    line.append(time);
    return line;
  }
  if (!cover) return "";
  const frame = element("span", "cover cover-upright");
  const image = element("img");
  Object.assign(image, { alt: "", loading: "lazy", src: cover });
  frame.append(image);
  return frame;
};

const row = (page) => {
  const item = element("li");
  const card = element("article", "card");
  const said = element("div", "card-words");
  const line = element("p", "eyebrow");
  if (page.meta.kind) line.append(element("span", "kind", page.meta.kind));
  if (page.meta.date && !page.meta.timed) {
    const time = element("time", "", day(page.meta.date.slice(0, 10)));
    time.dateTime = page.meta.date;
    line.append(time);
  }
  if (page.meta.sample) line.append(element("span", "label", form.dataset.sample));
  if (page.meta.replaced) line.append(element("span", "label label-state", form.dataset.replaced));
  const title = element("h2", "card-title");
  title.append(linked(page.url, page.meta.title));
  said.append(title);
  if (line.hasChildNodes()) said.append(line);
  said.append(excerpt("", page, page.meta.title));
  const parts = page.sub_results.filter((part) => part.url !== page.url).slice(0, 3);
  if (parts.length > 0) {
    const inPage = element("ul", "search-parts");
    inPage.setAttribute("aria-label", `${form.dataset.inPage}: ${page.meta.title}`);
    for (const part of parts) {
      const line = element("li");
      const from = part.anchor.location;
      const to = Math.min(...page.anchors.map((one) => one.location).filter((one) => one > from));
      line.append(linked(part.url, part.title), excerpt("quiet", page, part.title, from, to));
      inPage.append(line);
    }
    said.append(inPage);
  }
  card.append(beside(page.meta), said);
  item.append(card);
  return item;
};

const showMore = async () => {
  const asked = latest;
  const next = await Promise.all(found.slice(shown, shown + AT_ONCE).map((result) => result.data()));
  if (asked !== latest) return;
  const rows = next.map(row);
  list.append(...rows);
  list.hidden = list.children.length === 0;
  shown += next.length;
  more.hidden = shown >= found.length;
  return rows[0];
};

const corrected = async (query) => {
  const { corrected } = await import(form.dataset.spelling);
  return corrected(query, new URL(form.dataset.search, location.href), document.documentElement.lang);
};

const limits = () => {
  const chosen = {};
  for (const facet of facets) {
    const values = [...facet.querySelectorAll(":checked")].map((box) => box.value);
    if (values.length > 0) chosen[facet.dataset.facet] = { any: values };
  }
  return chosen;
};

const showFacets = (totals, wanted) => {
  for (const facet of facets) {
    const values = Object.entries(totals[facet.dataset.facet] ?? {});
    values.sort(([a], [b]) => a.localeCompare(b, document.documentElement.lang, { numeric: true }));
    if (facet.dataset.facet.endsWith(".year")) values.reverse();
    for (const [value] of values) {
      const label = element("label", "search-choice");
      const box = element("input");
      box.type = "checkbox";
      box.name = facet.dataset.facet;
      box.value = value;
      box.checked = wanted.getAll(box.name).includes(value);
      label.append(box, element("span", "", value), element("span", "quiet search-count"));
      const group = groups(facet).find((one) => one.dataset.values.split("|").includes(value));
      (group ?? facet).append(label);
    }
    facet.hidden = values.length === 0;
  }
  form.querySelector(".search-narrow").open = facets.some((facet) => facet.querySelector(":checked"));
};

const count = (totals) => {
  for (const facet of facets) {
    const boxes = [...facet.querySelectorAll("input")];
    for (const box of boxes) {
      const total = totals[facet.dataset.facet]?.[box.value] ?? 0;
      box.nextElementSibling.nextElementSibling.textContent = total;
      box.parentElement.hidden = total === 0 && !box.checked;
    }
    for (const group of [...groups(facet), facet]) {
      group.hidden = [...group.querySelectorAll("input")].every((box) => box.parentElement.hidden);
    }
  }
};

const search = async () => {
  const asked = ++latest;
  const query = words.value.trim();
  const chosen = limits();
  const isAsked = query !== "" || Object.keys(chosen).length > 0;
  const address = new URL(location.href);
  address.search = isAsked ? new URLSearchParams(new FormData(form)).toString() : "";
  history.replaceState(history.state, "", address);
  if (!isAsked) {
    [found, shown] = [[], 0];
    list.replaceChildren();
    [list.hidden, more.hidden, status.textContent] = [true, true, ""];
    if (index) count(await (await load()).filters());
    return;
  }
  status.textContent = form.dataset.working;
  try {
    const engine = await load();
    const instead = await corrected(query).catch(() => query);
    const results = await engine.search(instead || null, { filters: chosen });
    if (asked !== latest) return;
    [found, shown] = [results.results, 0];
    count(results.filters);
    list.replaceChildren();
    await showMore();
    if (asked !== latest) return;
    const { results: some, nothing, instead: other } = form.dataset;
    const told = instead === query ? some : other.replace("{asked}", query).replace("{instead}", instead);
    status.textContent = found.length > 0 ? told.replace("{n}", found.length) : nothing;
  } catch {
    status.textContent = form.dataset.failed;
  }
};

let waiting = 0;
const soon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(search, 150);
};

const begin = async () => {
  const wanted = new URLSearchParams(location.search);
  form.hidden = false;
  words.value = wanted.get("q") ?? "";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
  form.addEventListener("input", soon);
  form.querySelector(".search-clear").addEventListener("click", () => {
    for (const box of form.querySelectorAll(":checked")) box.checked = false;
    search();
  });
  more.addEventListener("click", async () => (await showMore())?.querySelector("a").focus());
  const ready = async () => {
    form.removeEventListener("focusin", ready);
    try {
      const engine = await load();
      const totals = await engine.filters();
      showFacets(totals, wanted);
      if (latest === 0) count(totals);
    } catch {
      status.textContent = form.dataset.failed;
    }
  };
  form.addEventListener("focusin", ready);
  if (wanted.size > 0) {
    await ready();
    search();
  }
};

begin();
