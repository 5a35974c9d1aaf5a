#!/bin/bash
# report.sh REPORT: the report of the shipped figure files is one page that needs nothing else: every tag is closed, every
# link leads to an element, no id stands twice, every study with a figure has its picture with a text for it. Where Chromium
# is, it opens the page without an error on its console, and the script makes the tables sortable; else the test says so.
set -uo pipefail
source tests/e2e/common.sh

report=$1
page=$TEST_TMPDIR/report.html
expect 0 'report.html' "$report" --results="$PWD/data/reference" --output="$TEST_TMPDIR/report"
python3 - "$page" data/reference <<'END' || fail 'the page is not sound'
import html.parser
import pathlib
import sys

VOID = {"meta", "br", "input", "link", "img", "hr"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.ids, self.links, self.pictures, self.errors = [], [], [], [], []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if attrs.get("href", "").startswith("#"):
            self.links.append(attrs["href"][1:])
        elif tag in ("a", "link", "script", "img", "iframe") and ("href" in attrs or "src" in attrs):
            self.errors.append(f"<{tag}> leads outside")
        if tag == "svg":
            self.pictures.append(attrs)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.errors.append(f"</{tag}> closes another element")


page = Page()
page.feed(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
page.close()
errors = page.errors + [f"<{tag}> is not closed" for tag in page.open]
errors += [f"#{link} leads nowhere" for link in set(page.links) - set(page.ids)]
errors += [f"the id {name} stands twice" for name in {n for n in page.ids if page.ids.count(n) > 1}]
errors += ["a picture without a text" for attrs in page.pictures if len(attrs.get("aria-label", "")) < 20]
files = len(list(pathlib.Path(sys.argv[2]).glob("*/*.h5")))
if len(page.pictures) != files:
    errors.append(f"{files} figure files, {len(page.pictures)} pictures")
print(*errors[:20], sep="\n", file=sys.stderr)
sys.exit(1 if errors else 0)
END
grep -q '^| `fig3.A.progressive` |' "$TEST_TMPDIR/report.md" || fail 'report.md lacks a claim'
grep -q '^- `beyond_rates` at reduced scale: .' "$TEST_TMPDIR/report.md" || fail 'report.md lacks what was found'
# What one types in the project's folder, wherever the page is read.
grep -q '<code>make claims FROM=reference CLAIM=fig3.A.progressive</code>' "$page" || fail 'the page names another command'
! grep -o '<code>[^<]*/[^<]*</code>' "$page" | grep -F "$PWD" || fail 'a command holds a path of this machine'

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || browser=
if [[ -z $browser ]]; then
  echo 'skipped: there is no Chromium to open the page'
elif ! HOME=$TEST_TMPDIR timeout 60 "$browser" --headless --no-sandbox --disable-gpu --enable-logging=stderr --dump-dom \
  "file://$page" >"$TEST_TMPDIR/dom" 2>"$TEST_TMPDIR/console"; then
  echo 'skipped: Chromium does not run here'
else
  ! grep 'CONSOLE' "$TEST_TMPDIR/console" || fail 'errors on the console'
  [[ $(grep -c '<button type="button">' "$TEST_TMPDIR/dom") -ge 1 ]] || fail 'the script did not run'
fi

# Where the pages go: a folder is none, a hidden one neither, and an extension is not doubled.
expect 2 "is a folder: name the pages in it, --output=$TEST_TMPDIR/report" "$report" --output="$TEST_TMPDIR/"
expect 2 "begins with a dot, which hides them; name them --output=$TEST_TMPDIR/report, say" "$report" --output="$TEST_TMPDIR/.html"
[[ ! -e $TEST_TMPDIR/.html && ! -e $TEST_TMPDIR/.md ]] || fail 'hidden pages'
expect 0 "wrote $TEST_TMPDIR/Page.md" "$report" --results="$PWD/data/reference" --output="$TEST_TMPDIR/Page.HTML"

echo 'a file' >"$TEST_TMPDIR/file"
expect 1 "report: cannot make the folder $TEST_TMPDIR/file/folder" "$report" --results="$PWD/data/reference" \
  --output="$TEST_TMPDIR/file/folder/report"
[[ $(wc -l <<<"$output") -eq 1 ]] || fail "more than one line: $output"
expect 1 'there are no figure files of studies that judge claims' "$report" --results="$TEST_TMPDIR/none"
[[ $failures -eq 0 ]]
