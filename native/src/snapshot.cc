#include "snapshot.h"

#include "odometry.h"

namespace loci {

namespace {

constexpr uint64_t kFormat = 0x4c4f4349'00000007;  // "LOCI", then a version that changes with the layout

/// FNV-1a, 64 bit.
uint64_t checksum(const uint8_t* data, size_t size) {
  uint64_t hash = 0xcbf29ce484222325;
  for (size_t i = 0; i < size; ++i) {
    hash = (hash ^ data[i]) * 0x100000001b3;
  }
  return hash;
}

template <class Archive>
void exchangePinhole(Archive& archive, Pinhole& camera) {
  archive(camera.fx, camera.fy, camera.cx, camera.cy, camera.width, camera.height);
}

void exchangeImage(SnapshotWriter& archive, FramePyramid& pyramid) {
  cv::Mat gray = pyramid.gray();
  archive(gray.rows, gray.cols);
  for (int y = 0; y < gray.rows; ++y) {
    archive.bytes(gray.ptr(y), size_t(gray.cols));
  }
}

void exchangeImage(SnapshotReader& archive, FramePyramid& pyramid) {
  int rows = 0, columns = 0;
  archive(rows, columns);
  if (rows <= 0 || columns <= 0 || size_t(rows) * size_t(columns) > archive.left()) {
    pyramid = FramePyramid();
    return;
  }
  cv::Mat gray(rows, columns, CV_8U);
  archive.bytes(gray.data, size_t(rows) * size_t(columns));
  pyramid = FramePyramid(gray);
}

}  // namespace

template <class Archive>
void Odometry::exchange(Archive& archive) {
  exchangePinhole(archive, options_.camera);
  exchangePinhole(archive, options_.depthCamera);
  archive(options_.monocular, options_.refineIntrinsics, options_.initialWorldFromCamera);
  exchangePinhole(archive, camera_);
  archive(reduction_, focal_, phase_, map_, start_.frames, cameraFromWorld_, velocity_, previousPts_, locatedPts_, keyframePts_,
          keyframeInliers_, sceneDepth_, lostFrames_, finalKeyframes_, archive_, subMap_, views_, exclusions_);
  exchangeImage(archive, previous_);
  // Begun anew from the same window, an adjustment ends alike.
  bool adjusting = adjustment_.isStarted();
  archive(adjusting);
  if (adjusting && !adjustment_.isStarted()) {
    startAdjustment();
  }
}

std::vector<uint8_t> Odometry::snapshot() const {
  SnapshotWriter writer;
  uint64_t format = kFormat, sum = 0;
  writer(format, sum);
  const size_t header = writer.data.size();
  const_cast<Odometry*>(this)->exchange(writer);  // a writer only reads what it is given
  sum = checksum(writer.data.data() + header, writer.data.size() - header);
  std::memcpy(writer.data.data() + sizeof(format), &sum, sizeof(sum));
  return std::move(writer.data);
}

Odometry Odometry::restore(const uint8_t* data, size_t size) {
  SnapshotReader reader(data, size);
  uint64_t format = 0, sum = 0;
  reader(format, sum);
  if (format != kFormat) {
    throw std::runtime_error("the snapshot was written by another version");
  }
  if (sum != checksum(data + size - reader.left(), reader.left())) {
    throw std::runtime_error("the snapshot is damaged");
  }
  Odometry odometry;
  odometry.exchange(reader);
  return odometry;
}

}  // namespace loci
