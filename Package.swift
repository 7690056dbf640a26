// swift-tools-version: 6.2
import PackageDescription

/// The walls between rooms, the same for every Swift target: each unsafe expression says so, no warning stands,
/// and a target sees only what it declares.
let walls: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

func floor(_ name: String, on dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: walls)
}

func door(_ name: String, pkgConfig: String, apt: String, brew: String) -> Target {
  .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt]), .brew([brew])])
}

func tests(of name: String, with dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(name: name + "Tests", dependencies: [.target(name: name)] + dependencies, swiftSettings: walls)
}

let package = Package(
  name: "apportion",
  products: [
    .library(name: "Apportion", targets: ["Apportion"]),
    .executable(name: "apportion", targets: ["ApportionCommand"]),
    // What tests and benchmarks measure on.
    .library(name: "ApportionTestSupport", targets: ["TestSupport"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // floor 0: one door each to one C library, and our own C
    door("COpenBLAS", pkgConfig: "openblas", apt: "libopenblas-dev", brew: "openblas"),
    door("CLAPACKE", pkgConfig: "lapacke", apt: "liblapacke-dev", brew: "lapack"),
    door("CNetCDF", pkgConfig: "netcdf", apt: "libnetcdf-dev", brew: "netcdf"),
    door("CCrypto", pkgConfig: "libcrypto", apt: "libssl-dev", brew: "openssl"),
    door("CClp", pkgConfig: "clp", apt: "coinor-libclp-dev", brew: "clp"),
    door("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev", brew: "zlib"),
    .target(name: "CNetCDFReader", dependencies: ["CNetCDF"], cSettings: [.treatAllWarnings(as: .error)]),
    .target(name: "CVectorCurves", cSettings: [.treatAllWarnings(as: .error)]),

    // floor 1: numbers, and text tables
    floor("NumericKernel", on: ["COpenBLAS", "CLAPACKE", "CClp", "CVectorCurves"]),
    floor("Tables"),

    // floor 2: what spend does, and how to maximise; neither knows the other
    floor("ResponseModel", on: ["NumericKernel"]),
    floor("Optimisation", on: ["NumericKernel"]),

    // floor 3: where they meet, and what is loaded
    floor("Planning", on: ["ResponseModel", "Optimisation", "NumericKernel", "Tables", yams]),
    floor("CurveFitting", on: ["ResponseModel", "Optimisation", "NumericKernel", "Tables"]),
    floor(
      "PosteriorFiles",
      on: ["ResponseModel", "NumericKernel", "Tables", "CNetCDF", "CNetCDFReader", "CCrypto", "CZlib"]),

    // floor 4: the answer as text
    floor(
      "Reporting", on: ["Planning", "CurveFitting", "ResponseModel", "Optimisation", "NumericKernel", "Tables"]),

    // floor 5: the library
    floor(
      "Apportion",
      on: [
        "NumericKernel", "Tables", "ResponseModel", "Optimisation", "Planning", "CurveFitting", "PosteriorFiles",
        "Reporting",
      ]),

    // floor 6: the command
    .executableTarget(
      name: "ApportionCommand",
      dependencies: [
        "Apportion", "NumericKernel", "Tables", "ResponseModel", "Optimisation", "Planning", "CurveFitting",
        "PosteriorFiles", "Reporting", argumentParser,
      ],
      swiftSettings: walls),

    // tests mirror Sources
    .target(
      name: "TestSupport", dependencies: ["NumericKernel", "ResponseModel", "Optimisation"], path: "Tests/TestSupport",
      swiftSettings: walls),
    tests(of: "NumericKernel", with: ["TestSupport"]),
    tests(of: "Tables", with: ["TestSupport"]),
    tests(of: "ResponseModel", with: ["NumericKernel", "TestSupport"]),
    tests(of: "Optimisation", with: ["NumericKernel", "TestSupport"]),
    tests(
      of: "Planning",
      with: ["NumericKernel", "ResponseModel", "Optimisation", "Tables", "PosteriorFiles", "Reporting", "TestSupport"]),
    tests(of: "CurveFitting", with: ["NumericKernel", "ResponseModel", "Optimisation", "Tables", "TestSupport"]),
    tests(
      of: "PosteriorFiles",
      with: ["NumericKernel", "ResponseModel", "Tables", "CNetCDF", "CNetCDFReader", "TestSupport"]),
    tests(
      of: "Reporting", with: ["Planning", "NumericKernel", "ResponseModel", "Optimisation", "Tables", "TestSupport"]),
    tests(of: "Apportion", with: ["TestSupport"]),
    tests(
      of: "ApportionCommand", with: [argumentParser, "Planning", "ResponseModel", "Reporting", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6]
)
