#!/bin/bash
# Shows the site whose folder is dragged into the window in the browser.
here=$(cd "$(dirname "$0")" && pwd)
# Without -r, `read` takes the signs away that Terminal puts before blanks in the names of folders.
read -p "Drag the folder of the site into this window, then press Return: " site
exec "$here/pamphlet" --root "$site" serve --open
