// Where one is in a text, in its contents; buttons that copy. Without this the page says the same.
const wide = matchMedia("(min-width: 60rem)");
const contents = document.querySelector(".contents details");
if (contents) {
  // Beside the text it is open, for those who read what is open and not what can be seen.
  const open = () => { contents.open = wide.matches; };
  open();
  wide.addEventListener("change", open);
  const links = [...contents.querySelectorAll("ol a")].map((link) => [link, document.getElementById(decodeURIComponent(link.hash.slice(1)))]).filter(([, heading]) => heading);
  let asked = false;
  const mark = () => {
    asked = false;
    const above = links.filter(([, heading]) => heading.getBoundingClientRect().top < innerHeight / 3);
    const here = above.at(-1)?.[0];
    for (const [link] of links) link === here ? link.setAttribute("aria-current", "location") : link.removeAttribute("aria-current");
  };
  addEventListener("scroll", () => { if (!asked) { asked = true; requestAnimationFrame(mark); } }, { passive: true });
  mark();
}
for (const button of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).innerText);
    button.textContent = button.dataset.done;
  });
}
