import Foundation
import NumericKernel
import PosteriorFiles
import ResponseModel
import Tables
import Testing

/// Tables of point estimates: what is read, and what each wrong one is told, with its place.
@Suite struct PointCurvesTests {
  private let hills = "channel,top,bottom,saturation,slope\ntv,100,10,50,1.5\nradio,200,0,30,2\n"

  private func read(
    _ text: String, _ kind: PointCurves.Kind = .hillBottom, channelColumn: String = "channel", draws: Int? = nil
  ) throws -> Posterior {
    let folder = try TemporaryFolder()
    return try PosteriorFile.read(
      path: folder.write(Data(text.utf8), as: "curves.csv"), format: "curves", draws: draws,
      curves: PointCurves(kind: kind, channelColumn: channelColumn))
  }

  private func failure(
    _ text: String, _ kind: PointCurves.Kind = .hillBottom, channelColumn: String = "channel", draws: Int? = nil
  ) throws -> PosteriorFileError? {
    do {
      _ = try read(text, kind, channelColumn: channelColumn, draws: draws)
      return nil
    } catch let error as PosteriorFileError {
      return error
    }
  }

  private func parameters(_ cell: Cell) -> [Double] {
    (0..<cell.saturationParameters.columnCount).map { cell.saturationParameters[0, $0] }
  }

  // MARK: What is read

  @Test func `a table is a posterior of one draw, without carryover and without a history`() throws {
    let posterior = try read(hills)
    #expect(posterior.format == "curves")
    #expect(posterior.dims == [Posterior.Dim(name: "channel", labels: ["tv", "radio"])])
    #expect(posterior.drawCount == 1 && posterior.chainCount == 1 && posterior.drawsPerChain == 1)
    #expect(posterior.dates.isEmpty && !posterior.isContiguous)
    #expect(posterior.diagnostics == PosteriorDiagnostics(parameters: [], divergences: nil))
    #expect(posterior.cells.map(parameters) == [[100, 10, 50, 1.5], [200, 0, 30, 2]])
    for cell in posterior.cells {
      #expect(cell.saturation.name == HillBottom.name && cell.carryover.name == NoCarryover.name && cell.window == 1)
      #expect(cell.mediaScale == 1 && cell.outcomeScale == 1 && cell.history.isEmpty)
    }
  }

  @Test func `each kind has its family, and the channels may stand in any column`() throws {
    let sigmoid = try read("lam,medium,alpha\n1e-5,tv,500\n", .sigmoid, channelColumn: "medium")
    #expect(sigmoid.cells[0].saturation.name == Logistic.name && sigmoid.channels == ["tv"])
    #expect(parameters(sigmoid.cells[0]) == [500, 1e-5])
    let concave = try read("channel,alpha,lam\ntv,500,20\n", .michaelisMenten)
    #expect(concave.cells[0].saturation.name == MichaelisMenten.name)
    #expect(parameters(concave.cells[0]) == [500, 20])
  }

  @Test func `order, further columns, spaces, quotes, line endings and a byte order mark do not matter`() throws {
    let text =
      "\u{FEFF}note, slope ,saturation,bottom,top,channel\r\n\"a, b\", 1.5 ,50,10,1e2, tv \r\n\r\n,2,30,0,200,\"radio\"\r\n"
    let posterior = try read(text)
    #expect(posterior.channels == ["tv", "radio"])
    #expect(posterior.cells.map(parameters) == [[100, 10, 50, 1.5], [200, 0, 30, 2]])
  }

  @Test func `without a bottom it is zero, and the notes say so`() throws {
    let posterior = try read("channel,top,saturation,slope\ntv,100,50,1.5\n")
    #expect(parameters(posterior.cells[0]) == [100, 0, 50, 1.5])
    #expect(posterior.notes.map(\.name) == ["kind", "curves", "bottom"])
    #expect(posterior.notes[2].text == "0, for the file has no such column")
    #expect(try read(hills).notes.map(\.name) == ["kind", "curves"])
  }

  @Test func `one draw may be asked for, and no more`() throws {
    #expect(try read(hills, draws: 1).drawCount == 1)
    #expect(try failure(hills, draws: 2)?.message == "cannot keep 2 draws: it holds 1")
  }

  // MARK: What is refused

  @Test(arguments: [
    (
      "channel,top,bottom,saturation\ntv,1,0,5\n", "1:1",
      "no column slope, expected channel, top, saturation, slope for the kind hill_bottom (bottom may be left out), found channel, top, bottom, saturation"
    ),
    (
      "channel,top,satruation,slope\ntv,1,5,1\n", "1:1",
      "no column saturation, expected channel, top, saturation, slope for the kind hill_bottom (bottom may be left out), found channel, top, satruation, slope; did you mean saturation by 'satruation'?"
    ),
    (
      "Channel,top,saturation,slope\ntv,1,5,1\n", "1:1",
      "no column channel, expected channel, top, saturation, slope for the kind hill_bottom (bottom may be left out), found Channel, top, saturation, slope; did you mean channel by 'Channel'?"
    ),
    (
      "channel,top,botom,saturation,slope\ntv,1,0,5,1\n", "1:1",
      "no column bottom, expected channel, top, saturation, slope for the kind hill_bottom (bottom may be left out), found channel, top, botom, saturation, slope; did you mean bottom by 'botom'?"
    ),
    (
      "tv,top,satration\n", "1:1",
      "no column channel, saturation, slope, expected channel, top, saturation, slope for the kind hill_bottom (bottom may be left out), found tv, top, satration; did you mean saturation by 'satration'?"
    ),
    (
      "channel,bottom,top,saturation,slope\ntv,200,100,5,1\n", "2:8",
      "wrong top of tv, expected more than its bottom, 200, found '100'"
    ),
    (
      "channel,top,saturation,slope\ntv,0,5,1\n", "2:4", "wrong top of tv, expected more than its bottom, 0, found '0'"
    ),
    ("channel,top, top,saturation,slope\ntv,1,1,5,1\n", "1:1", "expected one column top, found 2"),
    ("channel,top,saturation,slope\n", "1:1", "no rows, expected one for each channel, found only the header"),
    ("", "1:1", "not a table, expected a header, found nothing"),
    ("channel,top,saturation,slope\ntv,1,5\n", "2:1", "not a table, expected 4 fields as in the header, found 3"),
    (
      "channel,top,saturation,slope\ntv,1,\"5,1\n", "2:6",
      "not a table, expected a closing quote, found the end of the text"
    ),
    ("channel,top,saturation,slope\ntv,1,5,1\n ,1,5,1\n", "3:1", "wrong channel, expected a name, found nothing"),
    (
      "channel,top,saturation,slope\ntv,1,5,1\n\ntv,1,5,1\n", "4:1",
      "wrong channel, expected each once, found tv again after line 2"
    ),
    ("channel,top,saturation,slope\ntv,one,5,1\n", "2:4", "wrong top of tv, expected a finite number, found 'one'"),
    ("channel,top,saturation,slope\ntv,inf,5,1\n", "2:4", "wrong top of tv, expected a finite number, found 'inf'"),
    ("channel,top,saturation,slope\ntv,1e999,5,1\n", "2:4", "wrong top of tv, expected a finite number, found '1e999'"),
    ("channel,top,saturation,slope\ntv,nan,5,1\n", "2:4", "wrong top of tv, expected a finite number, found 'nan'"),
    (
      "channel,top,saturation,slope\ntv,1,0,1\n", "2:6", "wrong saturation of tv, expected a positive number, found '0'"
    ),
    ("channel,top,saturation,slope\ntv,1,5,\n", "2:8", "wrong slope of tv, expected a positive number, found ''"),
    ("channel,top,saturation,slope\ntv,1,5,-2\n", "2:8", "wrong slope of tv, expected a positive number, found '-2'"),
  ])
  func `a wrong table is told what is wrong with it, and where`(text: String, place: String, message: String) throws {
    let error = try #require(try failure(text))
    #expect(error.kind == .invalid)
    #expect(error.message == message)
    #expect(error.description == "\(error.path):\(place): error: \(message)")
  }

  @Test func `the domains are the family's own`() throws {
    // A rate of zero is a logistic curve that never rises; half of a ceiling is not reached at zero.
    #expect(try failure("channel,alpha,lam\ntv,1,0\n", .sigmoid) == nil)
    #expect(try failure("channel,alpha,lam\ntv,1,0\n", .michaelisMenten)?.place == TextPlace(line: 2, column: 6))
    #expect(
      try failure("channel,alpha,lam\ntv,1,-1\n", .sigmoid)?.message
        == "wrong lam of tv, expected a number that is not negative, found '-1'")
    #expect(
      try failure("channel,alpha\ntv,1\n", .sigmoid)?.message
        == "no column lam, expected channel, alpha, lam for the kind sigmoid, found channel, alpha")
  }

  @Test func `a file that is missing, a directory or no text is told apart from a wrong table`() throws {
    let folder = try TemporaryFolder()
    func failure(_ path: String) -> PosteriorFileError? {
      do {
        _ = try PosteriorFile.read(path: path, format: "curves", curves: PointCurves(kind: .sigmoid))
        return nil
      } catch {
        return error
      }
    }
    let absent = folder.file("absent.csv")
    #expect(failure(absent)?.kind == .missing)
    #expect(failure(absent)?.description == "\(absent): error: cannot be opened: no such file or directory")
    #expect(failure(folder.path)?.kind == .unreadable)
    let latin = try folder.write(Data([0x63, 0xE9, 0x0A]), as: "latin.csv")
    #expect(failure(latin)?.kind == .unreadable)
    #expect(failure(latin)?.message == "expected a table (CSV) in UTF-8, found bytes that are not")
  }

  @Test func `a table is never guessed, and the kind and the format go together`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Data(hills.utf8), as: "curves.CSV")
    func failure(_ path: String, _ format: String, _ curves: PointCurves? = nil) -> PosteriorFileError? {
      do {
        _ = try PosteriorFile.read(path: path, format: format, curves: curves)
        return nil
      } catch {
        return error
      }
    }
    let guess = try #require(failure(path, "auto"))
    #expect(guess.kind == .unsupported)
    #expect(
      guess.message
        == "a table does not say what is in it, expected format: curves with curves: {kind: …} beside it, the kind being one of hill_bottom, sigmoid, michaelis_menten, found format: auto"
    )
    #expect(failure(folder.file("absent.csv"), "auto")?.kind == .missing)
    #expect(
      failure(path, "curves")?.message
        == "format: curves needs a kind, expected one of hill_bottom, sigmoid, michaelis_menten, found none")
    #expect(
      failure(path, "auto", PointCurves(kind: .sigmoid))?.message
        == "a kind of curves needs format: curves, found auto")
  }

  @Test func `cut short at every hundredth it is refused, or read as far as it goes`() throws {
    let bytes = Array(hills.utf8)
    for hundredth in 0..<100 {
      let cut = String(decoding: bytes[..<(bytes.count * hundredth / 100)], as: UTF8.self)
      let error = try failure(cut)
      #expect(error?.message.contains("\n") != true, "\(hundredth) %")
      // Of the last row some digits of its last number, or all of the row, may be missed by nobody.
      if cut.split(separator: "\n").last?.split(separator: ",").count != 5 { #expect(error != nil, "\(hundredth) %") }
    }
  }

  @Test func `a history of spend and contributions is told from curves`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      Data("date,channel,spend,contribution\n2024-01-01,tv,5,7\n2024-01-08,tv,6,8\n".utf8), as: "history.csv")
    let error = #expect(throws: PosteriorFileError.self) { try PosteriorFile.contents(paths: [path]) }
    #expect(
      error?.message == "is a history of spend and contribution, not curves: apportion fit makes curves of it")
  }
}
