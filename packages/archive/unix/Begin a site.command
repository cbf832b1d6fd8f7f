#!/bin/bash
# Begins a site in a new folder in the user's home folder, and shows it in the browser.
here=$(cd "$(dirname "$0")" && pwd)
read -r -p "What shall the folder of the site be called? Press Return for our-site: " name
site=$HOME/${name:-our-site}
"$here/pamphlet" init "$site" || exit
echo
echo "The site is in $site. Close this window to end the preview."
exec "$here/pamphlet" --root "$site" serve --open
