import Testing

@testable import Reporting

@Suite struct InlineSVGTests {
  private func source(_ content: String) -> String? {
    InlineSVG("<?xml version='1.0'?>\n<svg width='9' viewBox='0 0 9 9'>\(content)</svg>", label: "a & b")?.source
  }

  @Test func `shapes and words are kept, names and makers are not`() {
    let content = """
      <title>Gnuplot</title><desc>made by</desc><defs><circle id='gpDot' r='1'/></defs>
      <g id="gnuplot_plot_1a" fill="none" color="red"><title>'t.csv' using 1:2</title>
      <g fill='none'></g><path class="x" d='M1,1
       L2,2 '/></g><text>1 &lt; 2 &amp; "3"</text>
      """
    #expect(
      source(content)
        == "<svg role=\"img\" aria-label=\"a &amp; b\" viewBox=\"0 0 9 9\"><g fill=\"none\" color=\"red\">"
        + "<path d=\"M1,1  L2,2 \"/></g><text>1 &lt; 2 &amp; &quot;3&quot;</text></svg>")
  }

  @Test func `a dot is drawn as what it refers to`() {
    let dot = "<use xlink:href='#gpPt6' transform='translate(1,2) scale(3)' color='rgb(0, 1, 2)'/>"
    #expect(
      source(dot)?.contains(
        "<circle r=\"1\" stroke=\"none\" fill=\"rgb(0, 1, 2)\" transform=\"translate(1,2) scale(3)\"/>") == true)
  }

  @Test(arguments: [
    "<script>alert(1)</script>", "<a href='x'><path d='M0,0'/></a>", "<image href='x.png'/>", "<style>*{}</style>",
    "<foreignObject></foreignObject>", "<use xlink:href='https://x/y#z' transform='scale(1)'/>",
    "<path fill='url(#x)' d='M0,0'/>", "<g><path d='M0,0'></g>", "<path d='M0,0'", "<path d=M0/>", "<g",
    "<animate attributeName='x'/>",
  ])
  func `what loads, runs or is broken is no picture`(content: String) { #expect(source(content) == nil) }

  @Test func `words that look like elements stay words`() {
    #expect(source("<text>&lt;script>alert(1)&lt;/script></text>")?.contains("<script") == false)
    #expect(source("<text onclick='x' style='y'>z</text>")?.hasSuffix("><text>z</text></svg>") == true)
  }

  @Test(arguments: ["", "Segmentation fault", "<html></html>", "<svg></svg>", "<svg viewBox='0 0 1 1'>"])
  func `what is no drawing is refused`(text: String) { #expect(InlineSVG(text, label: "") == nil) }

  @Test func `elements in each other without an end are refused`() {
    let deep = String(repeating: "<g>", count: 5000) + String(repeating: "</g>", count: 5000)
    #expect(source(deep) == nil)
  }
}
