// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "fuzz",
  dependencies: [.package(name: "apportion", path: "..")],
  targets: [
    // libFuzzer as a function: its library is linked by -sanitize=fuzzer, which scripts/fuzz says.
    .target(name: "CLibFuzzer"),
    .executableTarget(name: "Fuzz", dependencies: ["CLibFuzzer", .product(name: "Apportion", package: "apportion")]),
  ],
  swiftLanguageModes: [.v6]
)
