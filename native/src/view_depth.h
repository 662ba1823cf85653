#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "plane_sweep.h"

namespace loci {

/// Depth of one view that other views confirm, and what the view shows at the depth's size.
struct EstimatedDepth {
  int64_t ptsMicros = 0;
  Se3 worldFromCamera;
  int width = 0, height = 0;
  std::vector<uint8_t> colours;        ///< RGB
  double unit = 0;                     ///< length of one step of `depths`
  std::vector<uint16_t> depths;        ///< along the camera's z axis; 0: none
  std::vector<uint8_t> confidences;    ///< 0: none
};

/// Depth of the views of one moving camera, made from pictures and poses alone. Views come in order of time with their
/// final poses; each is answered a few views later, when those after it are known too, against at least three others
/// that look at the same from a fair distance. Memory is bounded. The answers depend on nothing but what was given.
class ViewDepth {
 public:
  /// The camera at the size that depth is estimated at; its sides are even.
  explicit ViewDepth(const Pinhole& camera) : camera_(camera) {}

  /// Takes a view; answers those of earlier ones (or of none) that are done now. One that stands where the last one
  /// stood is left out.
  std::vector<EstimatedDepth> add(int64_t ptsMicros, const ImageView& image, const Se3& worldFromCamera);

  /// Answers all that is left; to be called once after the last view.
  std::vector<EstimatedDepth> finish();

 private:
  struct Candidate {
    SweepView view;
    bool swept = false, answered = false;
    SweptDepth depth;  ///< empty when too few others see the same
  };

  bool isRepetition(const Se3& worldFromCamera) const;
  std::vector<EstimatedDepth> advance(size_t ahead);
  void findSceneDepth();
  void sweep(size_t index);
  std::vector<const SweepView*> chooseSources(size_t index) const;
  std::optional<EstimatedDepth> confirm(size_t index) const;

  Pinhole camera_;
  std::deque<Candidate> views_;
  double sceneDepth_ = 0;  ///< median depth of the last view that had any; 0 while unknown
};

}  // namespace loci
