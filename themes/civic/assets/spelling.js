// What a reader asks for, with words that the site does not have taken for the nearest that it has. The search page loads this with
// the first search.

let vocabulary = null;
const known = (index, lang) => {
  const file = new URL(`words.${lang.split("-")[0]}.json`, index);
  vocabulary ??= fetch(file).then((answer) => (answer.ok ? answer.json() : []));
  return vocabulary;
};

/** How many letters must be put in, left out, changed or swapped; more than `most` counts as `most + 1`. */
const distance = (a, b, most) => {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let [before, last] = [[], [...b, ""].map((_, i) => i)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    if (Math.min(...row) > most) return most + 1;
    [before, last] = [last, row];
  }
  return last[b.length];
};

/**
 * A query whose words the site has: each that it does not have, not even as a beginning, is the nearest one, at most two letters
 * away. `index` is the address of the search index, `lang` the language of the page.
 */
export const corrected = async (query, index, lang) => {
  const all = await known(index, lang);
  const nearest = (word) => {
    const small = word.toLowerCase();
    if (small.length < 4 || all.some((other) => other.startsWith(small))) return word;
    const most = small.length < 6 ? 1 : 2;
    let best = [most + 1, word];
    for (const other of all) {
      const far = distance(small, other, Math.min(most, best[0]));
      if (far < best[0]) best = [far, other];
    }
    return best[1];
  };
  return query.split(/\s+/).map(nearest).join(" ");
};
