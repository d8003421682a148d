/// How a page looks on a screen and on paper.
enum HTMLStyle {
    static let sheet = """
        :root { color-scheme: light; }
        body { margin: 0; background: #fff; color: #1d1d1f;
          font: 17px/1.6 "Noto Serif", Georgia, "Times New Roman", serif; }
        body:lang(zh) { font-family: "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei",
          sans-serif; }
        main { max-width: 50rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
        h1, h2, h3, table, figure, nav { font-family: "Noto Sans", "Helvetica Neue", Arial, sans-serif; }
        :is(h1, h2, h3, table, figure, nav):lang(zh) { font-family: "Noto Sans CJK SC", "Source Han Sans SC",
          "PingFang SC", "Microsoft YaHei", sans-serif; }
        h1 { font-size: 1.9rem; line-height: 1.25; margin: 0 0 .5rem; color: #14273f; }
        h2 { font-size: 1.3rem; margin: 2.6rem 0 .6rem; padding-top: .6rem; border-top: 2px solid #1f3a5f;
          color: #14273f; }
        h3 { font-size: 1.08rem; margin: 1.8rem 0 .4rem; color: #14273f; }
        p { margin: .5rem 0; }
        ol, ul { margin: .4rem 0; padding-left: 1.6rem; }
        li { margin: .22rem 0; }
        .name { font-weight: 600; color: #173f6d; }
        h1 .name, h2 .name, h3 .name, caption .name, thead .name { color: inherit; }
        q { quotes: none; }
        cite { font-style: normal; color: #55565a; }
        code { font: .88em/1.4 "Noto Sans Mono", Menlo, Consolas, monospace; background: #f0f1f3; padding: .08em .3em;
          border-radius: 3px; }
        .warning { border: 2px solid #a33; background: #fdf1f0; padding: .6rem .9rem; }
        .wide { overflow-x: auto; margin: .8rem 0 1.2rem; }
        table { border-collapse: collapse; font-size: .9rem; line-height: 1.45; min-width: 60%; }
        caption { text-align: left; font-weight: 600; padding: .3rem 0; }
        th, td { border: 1px solid #b9bec7; padding: .35rem .6rem; text-align: left; vertical-align: top; }
        thead th { background: #e9eef5; }
        tbody th { font-weight: normal; }
        .result { border-left: 4px double #1f3a5f; }
        figure.states { margin: 1rem 0; overflow-x: auto; }
        svg { max-width: 100%; height: auto; }
        nav ul { list-style: none; padding: 0; columns: 2; font-size: .92rem; }
        a { color: #174a8c; }
        @media print {
          body { font-size: 10.5pt; }
          main { max-width: none; padding: 0; }
          nav { display: none; }
          h2, h3, caption { break-after: avoid; }
          tr, li, figure { break-inside: avoid; }
          .wide, figure.states { overflow: visible; }
          @page { margin: 20mm 18mm; }
        }
        """
}
