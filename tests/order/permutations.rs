// All 120 orders of five attributes, written out because a macro cannot count.

permute! {
    order_000: #[post("/p/order_000")] #[login_required] #[session(read_only)] #[csrf_exempt] #[tracing::instrument];
    order_001: #[post("/p/order_001")] #[login_required] #[session(read_only)] #[tracing::instrument] #[csrf_exempt];
    order_002: #[post("/p/order_002")] #[login_required] #[csrf_exempt] #[session(read_only)] #[tracing::instrument];
    order_003: #[post("/p/order_003")] #[login_required] #[csrf_exempt] #[tracing::instrument] #[session(read_only)];
    order_004: #[post("/p/order_004")] #[login_required] #[tracing::instrument] #[session(read_only)] #[csrf_exempt];
    order_005: #[post("/p/order_005")] #[login_required] #[tracing::instrument] #[csrf_exempt] #[session(read_only)];
    order_006: #[post("/p/order_006")] #[session(read_only)] #[login_required] #[csrf_exempt] #[tracing::instrument];
    order_007: #[post("/p/order_007")] #[session(read_only)] #[login_required] #[tracing::instrument] #[csrf_exempt];
    order_008: #[post("/p/order_008")] #[session(read_only)] #[csrf_exempt] #[login_required] #[tracing::instrument];
    order_009: #[post("/p/order_009")] #[session(read_only)] #[csrf_exempt] #[tracing::instrument] #[login_required];
    order_010: #[post("/p/order_010")] #[session(read_only)] #[tracing::instrument] #[login_required] #[csrf_exempt];
    order_011: #[post("/p/order_011")] #[session(read_only)] #[tracing::instrument] #[csrf_exempt] #[login_required];
    order_012: #[post("/p/order_012")] #[csrf_exempt] #[login_required] #[session(read_only)] #[tracing::instrument];
    order_013: #[post("/p/order_013")] #[csrf_exempt] #[login_required] #[tracing::instrument] #[session(read_only)];
    order_014: #[post("/p/order_014")] #[csrf_exempt] #[session(read_only)] #[login_required] #[tracing::instrument];
    order_015: #[post("/p/order_015")] #[csrf_exempt] #[session(read_only)] #[tracing::instrument] #[login_required];
    order_016: #[post("/p/order_016")] #[csrf_exempt] #[tracing::instrument] #[login_required] #[session(read_only)];
    order_017: #[post("/p/order_017")] #[csrf_exempt] #[tracing::instrument] #[session(read_only)] #[login_required];
    order_018: #[post("/p/order_018")] #[tracing::instrument] #[login_required] #[session(read_only)] #[csrf_exempt];
    order_019: #[post("/p/order_019")] #[tracing::instrument] #[login_required] #[csrf_exempt] #[session(read_only)];
    order_020: #[post("/p/order_020")] #[tracing::instrument] #[session(read_only)] #[login_required] #[csrf_exempt];
    order_021: #[post("/p/order_021")] #[tracing::instrument] #[session(read_only)] #[csrf_exempt] #[login_required];
    order_022: #[post("/p/order_022")] #[tracing::instrument] #[csrf_exempt] #[login_required] #[session(read_only)];
    order_023: #[post("/p/order_023")] #[tracing::instrument] #[csrf_exempt] #[session(read_only)] #[login_required];
    order_024: #[login_required] #[post("/p/order_024")] #[session(read_only)] #[csrf_exempt] #[tracing::instrument];
    order_025: #[login_required] #[post("/p/order_025")] #[session(read_only)] #[tracing::instrument] #[csrf_exempt];
    order_026: #[login_required] #[post("/p/order_026")] #[csrf_exempt] #[session(read_only)] #[tracing::instrument];
    order_027: #[login_required] #[post("/p/order_027")] #[csrf_exempt] #[tracing::instrument] #[session(read_only)];
    order_028: #[login_required] #[post("/p/order_028")] #[tracing::instrument] #[session(read_only)] #[csrf_exempt];
    order_029: #[login_required] #[post("/p/order_029")] #[tracing::instrument] #[csrf_exempt] #[session(read_only)];
    order_030: #[login_required] #[session(read_only)] #[post("/p/order_030")] #[csrf_exempt] #[tracing::instrument];
    order_031: #[login_required] #[session(read_only)] #[post("/p/order_031")] #[tracing::instrument] #[csrf_exempt];
    order_032: #[login_required] #[session(read_only)] #[csrf_exempt] #[post("/p/order_032")] #[tracing::instrument];
    order_033: #[login_required] #[session(read_only)] #[csrf_exempt] #[tracing::instrument] #[post("/p/order_033")];
    order_034: #[login_required] #[session(read_only)] #[tracing::instrument] #[post("/p/order_034")] #[csrf_exempt];
    order_035: #[login_required] #[session(read_only)] #[tracing::instrument] #[csrf_exempt] #[post("/p/order_035")];
    order_036: #[login_required] #[csrf_exempt] #[post("/p/order_036")] #[session(read_only)] #[tracing::instrument];
    order_037: #[login_required] #[csrf_exempt] #[post("/p/order_037")] #[tracing::instrument] #[session(read_only)];
    order_038: #[login_required] #[csrf_exempt] #[session(read_only)] #[post("/p/order_038")] #[tracing::instrument];
    order_039: #[login_required] #[csrf_exempt] #[session(read_only)] #[tracing::instrument] #[post("/p/order_039")];
    order_040: #[login_required] #[csrf_exempt] #[tracing::instrument] #[post("/p/order_040")] #[session(read_only)];
    order_041: #[login_required] #[csrf_exempt] #[tracing::instrument] #[session(read_only)] #[post("/p/order_041")];
    order_042: #[login_required] #[tracing::instrument] #[post("/p/order_042")] #[session(read_only)] #[csrf_exempt];
    order_043: #[login_required] #[tracing::instrument] #[post("/p/order_043")] #[csrf_exempt] #[session(read_only)];
    order_044: #[login_required] #[tracing::instrument] #[session(read_only)] #[post("/p/order_044")] #[csrf_exempt];
    order_045: #[login_required] #[tracing::instrument] #[session(read_only)] #[csrf_exempt] #[post("/p/order_045")];
    order_046: #[login_required] #[tracing::instrument] #[csrf_exempt] #[post("/p/order_046")] #[session(read_only)];
    order_047: #[login_required] #[tracing::instrument] #[csrf_exempt] #[session(read_only)] #[post("/p/order_047")];
    order_048: #[session(read_only)] #[post("/p/order_048")] #[login_required] #[csrf_exempt] #[tracing::instrument];
    order_049: #[session(read_only)] #[post("/p/order_049")] #[login_required] #[tracing::instrument] #[csrf_exempt];
    order_050: #[session(read_only)] #[post("/p/order_050")] #[csrf_exempt] #[login_required] #[tracing::instrument];
    order_051: #[session(read_only)] #[post("/p/order_051")] #[csrf_exempt] #[tracing::instrument] #[login_required];
    order_052: #[session(read_only)] #[post("/p/order_052")] #[tracing::instrument] #[login_required] #[csrf_exempt];
    order_053: #[session(read_only)] #[post("/p/order_053")] #[tracing::instrument] #[csrf_exempt] #[login_required];
    order_054: #[session(read_only)] #[login_required] #[post("/p/order_054")] #[csrf_exempt] #[tracing::instrument];
    order_055: #[session(read_only)] #[login_required] #[post("/p/order_055")] #[tracing::instrument] #[csrf_exempt];
    order_056: #[session(read_only)] #[login_required] #[csrf_exempt] #[post("/p/order_056")] #[tracing::instrument];
    order_057: #[session(read_only)] #[login_required] #[csrf_exempt] #[tracing::instrument] #[post("/p/order_057")];
    order_058: #[session(read_only)] #[login_required] #[tracing::instrument] #[post("/p/order_058")] #[csrf_exempt];
    order_059: #[session(read_only)] #[login_required] #[tracing::instrument] #[csrf_exempt] #[post("/p/order_059")];
    order_060: #[session(read_only)] #[csrf_exempt] #[post("/p/order_060")] #[login_required] #[tracing::instrument];
    order_061: #[session(read_only)] #[csrf_exempt] #[post("/p/order_061")] #[tracing::instrument] #[login_required];
    order_062: #[session(read_only)] #[csrf_exempt] #[login_required] #[post("/p/order_062")] #[tracing::instrument];
    order_063: #[session(read_only)] #[csrf_exempt] #[login_required] #[tracing::instrument] #[post("/p/order_063")];
    order_064: #[session(read_only)] #[csrf_exempt] #[tracing::instrument] #[post("/p/order_064")] #[login_required];
    order_065: #[session(read_only)] #[csrf_exempt] #[tracing::instrument] #[login_required] #[post("/p/order_065")];
    order_066: #[session(read_only)] #[tracing::instrument] #[post("/p/order_066")] #[login_required] #[csrf_exempt];
    order_067: #[session(read_only)] #[tracing::instrument] #[post("/p/order_067")] #[csrf_exempt] #[login_required];
    order_068: #[session(read_only)] #[tracing::instrument] #[login_required] #[post("/p/order_068")] #[csrf_exempt];
    order_069: #[session(read_only)] #[tracing::instrument] #[login_required] #[csrf_exempt] #[post("/p/order_069")];
    order_070: #[session(read_only)] #[tracing::instrument] #[csrf_exempt] #[post("/p/order_070")] #[login_required];
    order_071: #[session(read_only)] #[tracing::instrument] #[csrf_exempt] #[login_required] #[post("/p/order_071")];
    order_072: #[csrf_exempt] #[post("/p/order_072")] #[login_required] #[session(read_only)] #[tracing::instrument];
    order_073: #[csrf_exempt] #[post("/p/order_073")] #[login_required] #[tracing::instrument] #[session(read_only)];
    order_074: #[csrf_exempt] #[post("/p/order_074")] #[session(read_only)] #[login_required] #[tracing::instrument];
    order_075: #[csrf_exempt] #[post("/p/order_075")] #[session(read_only)] #[tracing::instrument] #[login_required];
    order_076: #[csrf_exempt] #[post("/p/order_076")] #[tracing::instrument] #[login_required] #[session(read_only)];
    order_077: #[csrf_exempt] #[post("/p/order_077")] #[tracing::instrument] #[session(read_only)] #[login_required];
    order_078: #[csrf_exempt] #[login_required] #[post("/p/order_078")] #[session(read_only)] #[tracing::instrument];
    order_079: #[csrf_exempt] #[login_required] #[post("/p/order_079")] #[tracing::instrument] #[session(read_only)];
    order_080: #[csrf_exempt] #[login_required] #[session(read_only)] #[post("/p/order_080")] #[tracing::instrument];
    order_081: #[csrf_exempt] #[login_required] #[session(read_only)] #[tracing::instrument] #[post("/p/order_081")];
    order_082: #[csrf_exempt] #[login_required] #[tracing::instrument] #[post("/p/order_082")] #[session(read_only)];
    order_083: #[csrf_exempt] #[login_required] #[tracing::instrument] #[session(read_only)] #[post("/p/order_083")];
    order_084: #[csrf_exempt] #[session(read_only)] #[post("/p/order_084")] #[login_required] #[tracing::instrument];
    order_085: #[csrf_exempt] #[session(read_only)] #[post("/p/order_085")] #[tracing::instrument] #[login_required];
    order_086: #[csrf_exempt] #[session(read_only)] #[login_required] #[post("/p/order_086")] #[tracing::instrument];
    order_087: #[csrf_exempt] #[session(read_only)] #[login_required] #[tracing::instrument] #[post("/p/order_087")];
    order_088: #[csrf_exempt] #[session(read_only)] #[tracing::instrument] #[post("/p/order_088")] #[login_required];
    order_089: #[csrf_exempt] #[session(read_only)] #[tracing::instrument] #[login_required] #[post("/p/order_089")];
    order_090: #[csrf_exempt] #[tracing::instrument] #[post("/p/order_090")] #[login_required] #[session(read_only)];
    order_091: #[csrf_exempt] #[tracing::instrument] #[post("/p/order_091")] #[session(read_only)] #[login_required];
    order_092: #[csrf_exempt] #[tracing::instrument] #[login_required] #[post("/p/order_092")] #[session(read_only)];
    order_093: #[csrf_exempt] #[tracing::instrument] #[login_required] #[session(read_only)] #[post("/p/order_093")];
    order_094: #[csrf_exempt] #[tracing::instrument] #[session(read_only)] #[post("/p/order_094")] #[login_required];
    order_095: #[csrf_exempt] #[tracing::instrument] #[session(read_only)] #[login_required] #[post("/p/order_095")];
    order_096: #[tracing::instrument] #[post("/p/order_096")] #[login_required] #[session(read_only)] #[csrf_exempt];
    order_097: #[tracing::instrument] #[post("/p/order_097")] #[login_required] #[csrf_exempt] #[session(read_only)];
    order_098: #[tracing::instrument] #[post("/p/order_098")] #[session(read_only)] #[login_required] #[csrf_exempt];
    order_099: #[tracing::instrument] #[post("/p/order_099")] #[session(read_only)] #[csrf_exempt] #[login_required];
    order_100: #[tracing::instrument] #[post("/p/order_100")] #[csrf_exempt] #[login_required] #[session(read_only)];
    order_101: #[tracing::instrument] #[post("/p/order_101")] #[csrf_exempt] #[session(read_only)] #[login_required];
    order_102: #[tracing::instrument] #[login_required] #[post("/p/order_102")] #[session(read_only)] #[csrf_exempt];
    order_103: #[tracing::instrument] #[login_required] #[post("/p/order_103")] #[csrf_exempt] #[session(read_only)];
    order_104: #[tracing::instrument] #[login_required] #[session(read_only)] #[post("/p/order_104")] #[csrf_exempt];
    order_105: #[tracing::instrument] #[login_required] #[session(read_only)] #[csrf_exempt] #[post("/p/order_105")];
    order_106: #[tracing::instrument] #[login_required] #[csrf_exempt] #[post("/p/order_106")] #[session(read_only)];
    order_107: #[tracing::instrument] #[login_required] #[csrf_exempt] #[session(read_only)] #[post("/p/order_107")];
    order_108: #[tracing::instrument] #[session(read_only)] #[post("/p/order_108")] #[login_required] #[csrf_exempt];
    order_109: #[tracing::instrument] #[session(read_only)] #[post("/p/order_109")] #[csrf_exempt] #[login_required];
    order_110: #[tracing::instrument] #[session(read_only)] #[login_required] #[post("/p/order_110")] #[csrf_exempt];
    order_111: #[tracing::instrument] #[session(read_only)] #[login_required] #[csrf_exempt] #[post("/p/order_111")];
    order_112: #[tracing::instrument] #[session(read_only)] #[csrf_exempt] #[post("/p/order_112")] #[login_required];
    order_113: #[tracing::instrument] #[session(read_only)] #[csrf_exempt] #[login_required] #[post("/p/order_113")];
    order_114: #[tracing::instrument] #[csrf_exempt] #[post("/p/order_114")] #[login_required] #[session(read_only)];
    order_115: #[tracing::instrument] #[csrf_exempt] #[post("/p/order_115")] #[session(read_only)] #[login_required];
    order_116: #[tracing::instrument] #[csrf_exempt] #[login_required] #[post("/p/order_116")] #[session(read_only)];
    order_117: #[tracing::instrument] #[csrf_exempt] #[login_required] #[session(read_only)] #[post("/p/order_117")];
    order_118: #[tracing::instrument] #[csrf_exempt] #[session(read_only)] #[post("/p/order_118")] #[login_required];
    order_119: #[tracing::instrument] #[csrf_exempt] #[session(read_only)] #[login_required] #[post("/p/order_119")];
}

pub(super) fn all() -> Routes {
    routes![
        order_000, order_001, order_002, order_003, order_004, order_005, order_006, order_007, order_008, order_009,
        order_010, order_011, order_012, order_013, order_014, order_015, order_016, order_017, order_018, order_019,
        order_020, order_021, order_022, order_023, order_024, order_025, order_026, order_027, order_028, order_029,
        order_030, order_031, order_032, order_033, order_034, order_035, order_036, order_037, order_038, order_039,
        order_040, order_041, order_042, order_043, order_044, order_045, order_046, order_047, order_048, order_049,
        order_050, order_051, order_052, order_053, order_054, order_055, order_056, order_057, order_058, order_059,
        order_060, order_061, order_062, order_063, order_064, order_065, order_066, order_067, order_068, order_069,
        order_070, order_071, order_072, order_073, order_074, order_075, order_076, order_077, order_078, order_079,
        order_080, order_081, order_082, order_083, order_084, order_085, order_086, order_087, order_088, order_089,
        order_090, order_091, order_092, order_093, order_094, order_095, order_096, order_097, order_098, order_099,
        order_100, order_101, order_102, order_103, order_104, order_105, order_106, order_107, order_108, order_109,
        order_110, order_111, order_112, order_113, order_114, order_115, order_116, order_117, order_118, order_119,
    ]
}
