// A target of a header alone is none to SwiftPM.
