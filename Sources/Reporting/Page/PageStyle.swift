/// How the page looks: the system's own letters, one accent, and as little else as tells rows apart. Wide tables move within their box on a
/// screen, shaded on the side where there is more, and are set smaller on paper; what belongs together stays on one sheet.
enum PageStyle {
  static let text = """
    :root { --ink: #1c2126; --muted: #5c6670; --rule: #dfe3e8; --soft: #f5f7f9; --accent: #0072b2; --other: #b84a00; }
    * { box-sizing: border-box; }
    html { font-size: clamp(15px, 0.55vw + 10px, 21px); -webkit-text-size-adjust: 100%; }
    body { margin: 0 auto; padding: 2.5rem 1.5rem 4rem; max-width: 72rem; background: #fff; color: var(--ink);
      font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; overflow-wrap: anywhere; }
    h1 { font-size: clamp(1.6rem, 3.2vw, 2.4rem); line-height: 1.2; font-weight: 650; letter-spacing: -0.015em; margin: 0 0 1.25rem;
      max-width: 56rem; text-wrap: balance; }
    h2 { font-size: 1.3rem; line-height: 1.3; font-weight: 650; letter-spacing: -0.01em; margin: 0 0 0.5rem; }
    h3 { font-size: 1rem; font-weight: 650; margin: 1.75rem 0 0.5rem; }
    p { margin: 0 0 0.75rem; max-width: 46rem; }
    ul { margin: 0 0 0.75rem; padding-left: 1.2rem; max-width: 46rem; }
    li { margin-bottom: 0.35rem; }
    a { color: var(--accent); text-decoration: none; }
    a:hover { text-decoration: underline; }
    section { margin-top: 3.5rem; }
    .kicker { color: var(--muted); font-size: 0.85rem; margin-bottom: 0.5rem; }
    .note { color: var(--muted); font-size: 0.9rem; }
    .stamp { border: 2px solid var(--other); color: var(--other); border-radius: 0.4rem; padding: 0.6rem 1rem; margin: 0 0 1.5rem; max-width: none; }
    .stamp strong { letter-spacing: 0.06em; }
    .card { border: 1px solid var(--rule); border-top: 4px solid var(--accent); border-radius: 0.4rem; padding: 1.5rem; }
    .facts { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 1.5rem 1.5rem; margin: 0 0 1.75rem; }
    .facts div { min-width: 0; }
    .facts dt { color: var(--muted); font-size: 0.82rem; }
    .facts dd { margin: 0; }
    .facts .figure { font-size: 1.6rem; font-weight: 600; line-height: 1.3; font-variant-numeric: tabular-nums; }
    .facts .lift { color: var(--accent); }
    .facts .rest { color: var(--muted); font-size: 0.82rem; font-variant-numeric: tabular-nums; }
    .card p:last-child { margin-bottom: 0; }
    nav { margin-top: 1.5rem; font-size: 0.88rem; color: var(--muted); }
    nav a { display: inline-block; margin: 0 1.1rem 0.3rem 0; }
    .legend { display: flex; flex-wrap: wrap; gap: 0.2rem 1.3rem; font-size: 0.85rem; color: var(--muted); margin: 0.75rem 0; padding: 0; max-width: none;
      list-style: none; }
    .legend i { display: inline-block; width: 0.8em; height: 0.8em; margin-right: 0.45em; vertical-align: -0.05em; border-radius: 1px; }
    .legend i.dot { border-radius: 50%; }
    .legend i.stroke { height: 0.22em; vertical-align: 0.25em; }
    .pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); gap: 1.25rem 1.5rem; margin: 1rem 0 1.5rem; }
    .pictures.wide { grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); }
    .pictures.one { grid-template-columns: minmax(0, 48rem); }
    .pictures.row { grid-template-columns: minmax(0, 36rem); }
    figure { margin: 0; min-width: 0; }
    figcaption { font-size: 0.9rem; font-weight: 600; margin-bottom: 0.15rem; }
    svg { display: block; width: 100%; height: auto; }
    svg text { white-space: pre; font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; }
    .table { overflow-x: auto; margin: 0.75rem 0 1.25rem;
      background: linear-gradient(to left, #fff 40%, transparent) right -2px top 0 / 2.6rem 100% no-repeat local,
        linear-gradient(to left, transparent 1px, #c3cad2 1px, transparent) right / 0.9rem 100% no-repeat scroll; }
    .table:focus-visible { outline: 2px solid var(--accent); }
    table { border-collapse: collapse; font-size: 0.88rem; line-height: 1.4; min-width: min(100%, 22rem); }
    th, td { padding: 0.42rem 0 0.42rem 1.5rem; vertical-align: top; text-align: right; white-space: nowrap; }
    th:first-child, td:first-child { padding-left: 0; }
    thead th { color: var(--muted); font-weight: 500; font-size: 0.82rem; vertical-align: bottom; border-bottom: 1px solid #9aa4ae; white-space: normal; }
    tbody tr + tr > * { border-top: 1px solid var(--rule); }
    tfoot > tr > * { border-top: 1px solid #9aa4ae; font-weight: 600; }
    tbody th, tfoot th { font-weight: 500; }
    .number { font-variant-numeric: tabular-nums; }
    th.name, td.name, th.words, td.words { text-align: left; }
    td.words, tbody th.name, tfoot th.name { white-space: normal; }
    tbody th.name, tfoot th.name { min-width: 6.5rem; max-width: 22rem; }
    td.words { min-width: 9rem; max-width: 26rem; }
    td small { display: block; color: var(--muted); font-size: 0.8rem; font-weight: 400; }
    td .heat { display: block; padding: 0 0.3rem; margin: 0 -0.3rem; border-radius: 2px; }
    .calendar table { font-size: 0.8rem; }
    .calendar th, .calendar td { padding-left: 0.7rem; }
    .calendar tr > :first-child { padding-left: 0; }
    .weak { color: var(--other); font-weight: 600; }
    dl.pairs { display: grid; grid-template-columns: minmax(7rem, max-content) minmax(0, 1fr); gap: 0.35rem 1.5rem; margin: 0.75rem 0 1rem; font-size: 0.92rem; }
    dl.pairs dt { color: var(--muted); }
    dl.pairs dd { margin: 0; font-variant-numeric: tabular-nums; }
    code, pre { font: 0.85em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
    pre { background: var(--soft); border-radius: 0.4rem; padding: 0.8rem 1rem; white-space: pre-wrap; margin: 0.5rem 0 1rem; }
    summary { cursor: pointer; color: var(--accent); font-size: 0.92rem; }
    footer { margin-top: 4rem; border-top: 1px solid var(--rule); padding-top: 1rem; color: var(--muted); font-size: 0.85rem; }
    @media (max-width: 40rem) {
      body { padding: 1.5rem 1rem 3rem; }
      .card { padding: 1.1rem; }
      .facts { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1.1rem 1rem; }
      .facts .figure { font-size: 1.25rem; }
      section { margin-top: 2.75rem; }
      th, td { padding-left: 1rem; }
      thead th:first-child, tbody th, tfoot th { position: sticky; left: 0; background: #fff; }
      tbody tr + tr > th, tfoot th { box-shadow: inset 0 1px var(--rule); }
      tbody th.name, tfoot th.name { max-width: 9rem; }
      dl.pairs { grid-template-columns: minmax(0, 1fr); gap: 0; }
      dl.pairs dd { margin-bottom: 0.6rem; }
    }
    @media print {
      @page { size: A4; margin: 14mm 13mm 16mm; }
      html { font-size: 9.5pt; }
      body { padding: 0; max-width: none; }
      * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
      nav, details, footer { display: none; }
      section { margin-top: 2rem; }
      h2, h3, .legend, .lead, h2 + .note, h2 + p { break-after: avoid; }
      .card, figure, tr, p, li, pre, .table.short, dl.pairs, .stamp { break-inside: avoid; }
      .pictures { grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 0.8rem 1rem; }
      .pictures.wide { grid-template-columns: repeat(2, minmax(0, 1fr)); }
      .pictures.one, .pictures.row { grid-template-columns: minmax(0, 34rem); }
      .table { overflow: visible; background: none; }
      table { width: 100%; font-size: 7.6pt; }
      thead { display: table-header-group; }
      tfoot { display: table-row-group; }
      th, td { padding: 0.28rem 0 0.28rem 0.7rem; white-space: normal; }
      td.number { white-space: nowrap; }
      tbody th.name, tfoot th.name { min-width: 4rem; }
      .calendar table { font-size: 6.4pt; }
      .calendar th, .calendar td { padding-left: 0.4rem; }
      a { color: inherit; }
    }
    """
}
