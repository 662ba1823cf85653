#pragma once

#include <atomic>
#include <vector>

#include "session_map.h"

namespace loci {

/// Bundle adjustment of all whole views of a session and the landmarks that they share; ties make landmarks of one that
/// were two. `poses` are where the views stand before and after, `partOf` tells views apart that nothing ties together:
/// the first of each part stays where it is. At most 300 views move, those nearest to ties first, then the newest.
/// `logFocal`, where it is given, is adjusted too: the logarithm of what multiplies the focal lengths of the newest whole
/// view's camera, which is taken for all. Answers false, with `poses` as they were, once `cancelled`.
bool adjustViews(const std::vector<MappedView>& views, std::vector<Sim3>& poses, const std::vector<int>& partOf,
                 Units units, double* logFocal, const std::atomic<bool>& cancelled);

}  // namespace loci
