// LanceDB reads this while it is loaded, and writes its notes to stderr otherwise; so this module is imported first.
process.env['RUST_LOG'] ??= 'error';
