import ResponseModel

/// Which columns of a table hold the parameters of a family of curves.
struct CurveColumns {
  /// One column, and the parameter's value where the table does not have it; nil where it must.
  struct Column {
    var name: String
    var whenAbsent: Double?
  }

  let saturation: any Saturation.Type
  /// One for each of the family's parameters, in its order.
  let columns: [Column]

  init(_ kind: PointCurves.Kind) {
    switch kind {
    case .hillBottom:
      saturation = HillBottom.self
      columns = [
        Column(name: "top"), Column(name: "bottom", whenAbsent: 0), Column(name: "saturation"), Column(name: "slope"),
      ]
    case .sigmoid:
      saturation = Logistic.self
      columns = [Column(name: "alpha"), Column(name: "lam")]
    case .michaelisMenten:
      saturation = MichaelisMenten.self
      columns = [Column(name: "alpha"), Column(name: "lam")]
    }
  }
}
