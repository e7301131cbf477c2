/** The look of a report: light and dark, on a phone, on a desk, and on paper. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --sunken: #f2f4f1; --line: #d3d8d2; --ink: #1b2320; --soft: #505a54; --accent: #14665a;
  --bad: #a3271f; --bad-soft: #fbe7e4; --good: #17653a; --good-soft: #dff1e5; --firm: #23508e; --firm-soft: #e2ebf8;
  --tried: #6a4a00; --tried-soft: #fbefd2;
  --font: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #141917; --sunken: #1d2421; --line: #38423e; --ink: #e7ece9; --soft: #abb7b1; --accent: #6fcdb9;
    --bad: #ff9d92; --bad-soft: #402220; --good: #83d6a0; --good-soft: #1a3524; --firm: #a5c8ff; --firm-soft: #1c2d47;
    --tried: #f0c270; --tried-soft: #3a2d12;
  }
}
* { box-sizing: border-box }
html { font: 100%/1.5 var(--font); background: var(--paper); color: var(--ink); -webkit-text-size-adjust: 100% }
body { max-width: 72rem; margin: 0 auto; padding: clamp(1.25rem, 4vw, 3rem) clamp(1rem, 4vw, 2.5rem) }
h1, h2, h3, h4, h5, p, ul, ol, dl, dd, figure { margin: 0; padding: 0 }
h1 { font-size: 2rem; line-height: 1.15; letter-spacing: -0.02em; text-wrap: balance }
h2 { font-size: 1.5rem; line-height: 1.2; margin: 0 0 .5rem; letter-spacing: -0.01em }
h3 { font-size: 1.2rem; margin: 2.25rem 0 .75rem }
h4 { font-size: 1rem; margin: 1.25rem 0 .5rem }
h5 { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; justify-content: space-between; font-size: 1rem }
small { font-size: .875rem; font-weight: 400; color: var(--soft) }
code { font-family: ui-monospace, "SF Mono", Consolas, monospace; font-size: .9em }
a { color: var(--accent); text-underline-offset: .18em }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.lead, .quiet { color: var(--soft); max-width: 70ch }
.lead { margin-bottom: 1.25rem }
.part { margin-top: 3.5rem }
.scroll + .quiet, p + .quiet { margin-top: .5rem }
h4 + p, h4 + .scroll { margin-top: 0 }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }

.facts { display: grid; gap: .35rem 1.5rem; margin-top: 1rem }
.facts > div { display: grid; grid-template-columns: minmax(9rem, 14rem) 1fr; gap: .25rem 1rem }
.facts dt { color: var(--soft) }
.facts dd { min-width: 0; overflow-wrap: anywhere }
.facts ul { padding-left: 1.1rem }
nav { margin-top: 1.5rem; padding: .75rem 0; border-block: 1px solid var(--line) }
nav ul { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; list-style: none }

.legend { display: grid; gap: .4rem; list-style: none; margin-bottom: 1.25rem }
.legend li { display: grid; grid-template-columns: 9.5rem 2.5rem 1fr; align-items: baseline; gap: .5rem }
.legend b { text-align: right; font-variant-numeric: tabular-nums }
.legend .chip { justify-self: start }
.legend .meaning { color: var(--soft) }
.chip { display: inline-block; padding: .05rem .55rem; border: 1px solid currentColor; border-radius: 1rem; font-size: .875rem; font-weight: 600; white-space: nowrap; color: var(--soft) }
.broken { color: var(--bad); background: var(--bad-soft) }
.proved { color: var(--good); background: var(--good-soft) }
.enforced { color: var(--firm); background: var(--firm-soft) }
.tested { color: var(--tried); background: var(--tried-soft) }
.open { color: var(--bad); background: none; border-style: dashed }
.not-concerned { padding-left: 0; border-color: transparent; font-weight: 400 }

.scroll { position: relative; overflow-x: auto; margin-bottom: 1rem }
table { width: 100%; border-collapse: collapse; font-size: .9375rem; text-align: left }
thead th { font-weight: 600; color: var(--soft); vertical-align: bottom; border-bottom: 2px solid var(--line) }
th, td { padding: .45rem .75rem .45rem 0; vertical-align: top; border-bottom: 1px solid var(--line) }
tbody th { font-weight: 500 }
.grid .row, .requirement .row { color: var(--soft); font-variant-numeric: tabular-nums; font-weight: 500; margin-right: .25rem }
.grid tbody th { min-width: 13rem }
.grid a { color: inherit; text-decoration: none }
.grid a:hover { text-decoration: underline }
.grid .law { color: var(--soft); min-width: 9rem }
.sight th, .sight td { padding-right: .75rem }
.sight tbody th { min-width: 11rem; max-width: 20rem }
.sight thead th:not(:first-child), .sight td { min-width: 6.5rem }
.sight small { display: block }
.sight .edits { font-weight: 650 }
.sight .nothing { color: var(--soft) }
@media screen { .scroll th:first-child { position: sticky; left: 0; background: var(--paper) } }

.requirement { padding: 1.25rem 0 1rem; border-top: 1px solid var(--line) }
.requirement h4 { margin: 0; font-size: 1.0625rem }
.requirement h4 small { margin-left: .5rem }
.cell { margin-top: .75rem; padding: .75rem 1rem; background: var(--sunken); border-radius: 8px }
.reasons { display: grid; gap: .35rem; margin-top: .4rem }
.reasons > div { display: grid; grid-template-columns: 7.5rem 1fr; gap: .25rem 1rem }
.reasons dt { color: var(--soft); font-size: .9375rem }
.reasons dt:empty { display: none }
.reasons dt:empty + dd { grid-column: 1 / -1 }
.reasons ul, .findings { list-style: none }
.reasons li + li, .findings li + li { margin-top: .25rem }
.reasons ol, .findings ol { padding-left: 1.5rem }
.reasons dd, .findings li { overflow-wrap: anywhere; min-width: 0 }
.source { font-family: ui-monospace, "SF Mono", Consolas, monospace; font-size: .8125rem; color: var(--soft) }
.path, .hint { margin-top: .25rem }

figure { margin-bottom: 2rem; text-align: center }
figure svg { border: 1px solid var(--line); border-radius: 8px }

.register { table-layout: fixed; margin-top: 1.5rem; overflow-wrap: break-word; hyphens: auto }
.register thead th:nth-child(1) { width: 29% }
.register thead th:nth-child(2) { width: 12% }
.register thead th:nth-child(3) { width: 17% }
.register thead th:nth-child(4) { width: 15% }
.register tbody th { font-weight: 400 }
.register tbody th > * { display: block }
.register tbody b { font-weight: 650 }
.register ul { padding-left: 1.1rem }
.register .people { color: var(--soft) }

@media (max-width: 44rem) {
  h1 { font-size: 1.625rem }
  .facts > div, .reasons > div { grid-template-columns: 1fr; gap: 0 }
  .facts { gap: .75rem }
  .legend li { grid-template-columns: auto 1fr; gap: .1rem .5rem }
  .legend b { text-align: left }
  .legend .meaning { grid-column: 1 / -1 }
  .legend { gap: .75rem }
  .grid .law, .grid thead th:nth-child(2) { display: none }
  .grid tbody th { min-width: 9.5rem }
  .sight tbody th { min-width: 8.5rem }
  .register thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
  .register, .register tbody, .register tr, .register th, .register td { display: block }
  .register tr { padding: 1rem 0; border-bottom: 1px solid var(--line) }
  .register th, .register td { padding: .25rem 0; border: 0 }
  .register td::before { content: attr(data-label); display: block; font-size: .875rem; color: var(--soft) }
  figure { text-align: left }
}

@media print {
  @page { size: A4; margin: 16mm 14mm }
  @page wide { size: A4 landscape; margin: 12mm }
  html { font-size: 9.5pt }
  body { max-width: none; padding: 0 }
  nav { display: none }
  .scroll { overflow: visible }
  thead { display: table-header-group }
  tr, .chip, figure, .cell, .legend li, .findings li { break-inside: avoid }
  h2, h3, h4, h5, .lead, .requirement > p, .path { break-after: avoid }
  .part { margin-top: 0; break-before: page }
  .part:first-child { break-before: auto; margin-top: 10mm }
  .chip, .cell { print-color-adjust: exact; -webkit-print-color-adjust: exact }
  a { color: inherit; text-decoration: none }
  .grid tbody th, .grid .law, .sight tbody th, .sight thead th:not(:first-child), .sight td { min-width: 0 }
  .report figure { border: 0; break-inside: avoid }
  .report figure svg { max-width: 100%; max-height: 235mm; height: auto; border: 0 }
  .report .wide { page: wide }
  .report .wide figure svg { max-height: 155mm }
  .report .zgoda-diagram {
    --paper: #ffffff; --ink: #1f2937; --soft: #4b5563; --box: #f8fafc; --edge: #475569;
    --good: #dcfce7; --good-edge: #15803d; --person: #1d4ed8; --client: #6d28d9; --itself: #4b5563; --lack: #b91c1c;
    --special: #fde2c8; --special-edge: #9a3412; --personal: #dbeafe; --personal-edge: #1d4ed8;
    print-color-adjust: exact; -webkit-print-color-adjust: exact;
  }
}
`
