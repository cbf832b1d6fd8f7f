// Publications whose titles, authors and files' names mean something to some format of citations: what must come back from each.

/** Each author as the name must be read: the family name first, a comma, the given one; with `whole`, one name with a comma in it. */
export const CITED = [
  { file: "My report 2024 (final), v2", title: "Wealth: a 50% share & {more} of #1_000, $2", authors: ["Môn, Siân"] },
  { file: "dashes", title: "A ‘single’ — dash – and … dots", authors: ["van der Berg, Maria"] },
  { file: "tŷ-ŵ", title: "Tŷ’r cyffredin: ŵ ŷ â ï – naïve café", authors: ["Xi, Jinping", "Plato"] },
  { file: "عنوان", title: "عنوان بالعربية 与中文", authors: ["王, 小明"] },
  { file: "a&b", title: "C:\\path\\to ^2 ~x “q” | a", authors: ["Marks, Spencer and Sons plc"], whole: true },
  { file: "x'y", title: "Ending in a backslash\\", authors: ["And, Anna", "Others, Bob"] },
  { file: "100%", title: "3 < 4 > 2 &amp; entity", authors: ["O’Neil-Smith, Séamus"] },
  { file: "ris", title: "TY - JOUR ER - TY - BOOK", authors: ["The Institute, Leeds"], whole: true },
  { file: "bib", title: "A title, title={y}} % comment", authors: ["Cher"], family: "Smith" },
  { file: "caps", title: "iPad, mRNA and the NHS: an ‘A to Z’", authors: ["Department for Work and Pensions"] },
  { file: "🎉 party", title: "🎉 Emoji 👩‍👩‍👧 and H₂O, x² , ½", authors: ["Deloitte & Touche"] },
  { file: "year 2026 {b}", title: "Ticks ` '' `` ,,low ?` !`", authors: ["Ng"] },
];

const toml = (text) => JSON.stringify(text);

/** The files of these publications and their authors: path → text. An author with a family name has a page. */
export function* files() {
  let people = 0;
  for (const { file, title, authors, family, whole } of CITED) {
    const names = [];
    for (const author of authors) {
      const [before, given] = author.split(", ");
      const isPerson = given !== undefined && !whole;
      if (!isPerson && !family) {
        names.push(`{ name = ${toml(author)} }`);
        continue;
      }
      const name = !isPerson ? author : /^[王X]/.test(author) ? `${before}${before === "Xi" ? " " : ""}${given}` : `${given} ${before}`;
      const key = `cited-${people += 1}`;
      yield [`people/${key}.md`, `+++\ntitle = ${toml(name)}\nrole = "Author"\ngroup = "author"\nfamily = ${toml(family ?? before)}\n+++\n\nText.\n`];
      names.push(toml(key));
    }
    yield [
      `publications/${file}/index.md`,
      `+++\nkind = "report"\ntitle = ${toml(title)}\nsummary = "S."\nthemes = ["great-places"]\ndate = 2026-05-04\nauthors = [${names.join(", ")}]\n+++\n\nText.\n`,
    ];
  }
}
