import Apportion

/// Plans: whatever the text, it is read or every mistake told; what is read is written out and reads back the same.
func fuzzPlans(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let text = String(decoding: bytes(start, count), as: UTF8.self)
  do {
    let plan = try PlanFile.parse(text, source: "plan.yaml", folder: "/nowhere").plan
    do {
      let again = try PlanFile.parse(plan.yaml, source: "again.yaml", folder: "/nowhere").plan
      precondition(again.yaml == plan.yaml, "A plan that is written out reads back the same.")
    } catch {
      preconditionFailure("A plan that is written out is read: \(error)")
    }
  } catch {}
  return 0
}
