// The look of the report, and the script that sorts and filters its tables.
#ifndef INITBIAS_FIGURES_REPORT_STYLE_H_
#define INITBIAS_FIGURES_REPORT_STYLE_H_

namespace initbias {

inline constexpr char kReportStyle[] = R"css(
:root { color-scheme: light dark; --back: #fff; --text: #1b1b1b; --soft: #595959; --line: #d0d0d0;
  --card: #f6f6f4; --link: #0b5cad; --holds: #0a6b3d; --differs: #b3261e; --open: #7a5200; }
@media (prefers-color-scheme: dark) { :root { --back: #16181b; --text: #e9e9e6; --soft: #b0b0ab;
  --line: #44474b; --card: #202327; --link: #8ab8f0; --holds: #6fd29b; --differs: #ff9b91;
  --open: #f0c36a; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 0 1rem 4rem; background: var(--back);
  color: var(--text); font: 16px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
h1 { line-height: 1.2; margin: 1.5rem 0 .5rem; }
h2 { margin: 3rem 0 .5rem; border-bottom: 1px solid var(--line); }
h3 { margin: 1.5rem 0 .25rem; overflow-wrap: anywhere; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
nav ul { columns: 16rem; padding-left: 1.2rem; }
.answer { font-size: 1.15rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .5rem;
  border-bottom: 1px solid var(--line); }
th button { font: inherit; font-weight: bold; color: inherit; background: none; border: 0;
  padding: 0; cursor: pointer; }
td.number { text-align: right; white-space: nowrap; }
.holds, .differs, .undecided, .not-judged { font-weight: bold; white-space: nowrap; }
.holds { color: var(--holds); }
.differs { color: var(--differs); }
.undecided, .not-judged { color: var(--open); }
.soft { color: var(--soft); }
code, pre { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .85em;
  overflow-wrap: anywhere; }
pre { background: var(--card); padding: .6rem; overflow-x: auto; white-space: pre-wrap; }
figure { margin: 1rem 0; }
figure .picture { background: #fff; border: 1px solid var(--line); padding: .5rem; max-width: 52rem; }
figure svg { display: block; width: 100%; height: auto; }
figcaption { color: var(--soft); font-size: .9rem; max-width: 52rem; }
article { background: var(--card); border-left: 4px solid var(--line); padding: .5rem .8rem;
  margin: .8rem 0; }
article h4 { margin: 0; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem .8rem; margin: .5rem 0; }
dt { font-weight: bold; }
dd { margin: 0; overflow-wrap: anywhere; }
details { margin: .5rem 0; }
summary { cursor: pointer; }
.runs { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .8rem; }
.runs > div { border: 1px solid var(--line); padding: .4rem; min-width: 0; }
svg.small { width: 100%; height: auto; }
svg.small text { font-size: 9px; fill: var(--text); }
svg.small .axis { stroke: var(--soft); fill: none; }
svg.small .curve { fill: none; stroke-width: 1.5; }
.filter { margin: .5rem 0; }
.filter input, .filter select { font: inherit; padding: .2rem .4rem; max-width: 100%; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .3rem; }
  table.claims thead { display: none; } table.claims tr { display: block; padding: .4rem 0;
  border-bottom: 1px solid var(--line); } table.claims td { display: block; border: 0;
  padding: .05rem 0; } table.claims td[data-name]:before { content: attr(data-name) ": ";
  color: var(--soft); } }
@media print { nav, .filter { display: none; } body { max-width: none; font-size: 10pt; }
  figure, article, tr { break-inside: avoid; } a { color: inherit; text-decoration: none; } }
)css";

inline constexpr char kReportScript[] = R"js(
document.querySelectorAll('table.sortable').forEach(function (table) {
  table.querySelectorAll('thead th').forEach(function (head, column) {
    var button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    head.textContent = '';
    head.appendChild(button);
    button.addEventListener('click', function () {
      var up = head.getAttribute('aria-sort') !== 'ascending';
      table.querySelectorAll('th').forEach(function (h) { h.removeAttribute('aria-sort'); });
      head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
      var body = table.tBodies[0];
      Array.from(body.rows).sort(function (a, b) {
        var x = a.cells[column].textContent, y = b.cells[column].textContent;
        return (up ? 1 : -1) * x.localeCompare(y, 'en', { numeric: true });
      }).forEach(function (row) { body.appendChild(row); });
    });
  });
});
document.querySelectorAll('.filter').forEach(function (box) {
  var table = document.getElementById(box.getAttribute('data-table'));
  var label = document.createElement('label');
  label.textContent = 'Show rows with ';
  var input = document.createElement('input');
  input.type = 'search';
  input.placeholder = 'differs, fig5, W_V ..';
  label.appendChild(input);
  var count = document.createElement('span');
  count.setAttribute('role', 'status');
  box.appendChild(label);
  box.appendChild(count);
  input.addEventListener('input', function () {
    var words = input.value.toLowerCase().split(/\s+/), shown = 0;
    Array.from(table.tBodies[0].rows).forEach(function (row) {
      var text = row.textContent.toLowerCase();
      row.hidden = !words.every(function (word) { return text.indexOf(word) >= 0; });
      shown += row.hidden ? 0 : 1;
    });
    count.textContent = ' ' + shown + ' rows';
  });
});
function openTarget() {
  var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (var box = target; box; box = box.parentElement) { if (box.tagName === 'DETAILS') box.open = true; }
  if (target) target.scrollIntoView();
}
addEventListener('hashchange', openTarget);
openTarget();
)js";

}  // namespace initbias

#endif  // INITBIAS_FIGURES_REPORT_STYLE_H_
