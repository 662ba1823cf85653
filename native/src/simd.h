#pragma once

// A function marked so is compiled for AVX2 beside the baseline, and the one that the processor can run is chosen when
// the library is loaded. FMA is left out, so that both round alike.
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__linux__)
#define LOCI_VECTORISED __attribute__((target_clones("avx2", "default")))
#else
#define LOCI_VECTORISED
#endif
