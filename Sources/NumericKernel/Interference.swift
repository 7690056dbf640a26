/// What tests make of numeric routines' answers: a failure, or other numbers. Proofs and limits must hold whatever a routine says.
package enum Interference {
  /// A routine that searches rely on, and no proof.
  package struct Routine: Hashable, Sendable {
    package var name: String

    package init(_ name: String) { self.name = name }

    package static let linearProgram = Routine("linear program")
    package static let cholesky = Routine("Cholesky")
    package static let symmetricEigen = Routine("symmetric eigen")
  }

  package enum Fault: Sendable {
    /// The routine says that it has no answer.
    case failure
    /// Each number of the answer becomes another.
    case numbers(@Sendable (Double) -> Double)
  }

  /// What is made of each call of a routine; nil for an answer as it is.
  package struct Faults: Sendable {
    private let fault: @Sendable (Routine) -> Fault?

    package init(_ fault: @escaping @Sendable (Routine) -> Fault?) { self.fault = fault }

    package func callAsFunction(_ routine: Routine) -> Fault? { fault(routine) }
  }

  /// Asked at each call of a routine from the same task; nil, as it always is outside tests, for answers as they are.
  @TaskLocal package static var fault: Faults?
}
