// swift-tools-version: 6.2
import PackageDescription

/// An example: the folder of its name, a page.
func example(_ name: String) -> Target {
  .executableTarget(
    name: name, dependencies: [.product(name: "Apportion", package: "apportion")], path: name,
    swiftSettings: [.treatAllWarnings(as: .error)])
}

let package = Package(
  name: "examples",
  dependencies: [.package(name: "apportion", path: "..")],
  targets: [example("Quarter"), example("OwnUtility")],
  swiftLanguageModes: [.v6]
)
