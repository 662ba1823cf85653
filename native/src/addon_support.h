#pragma once

#include <napi.h>

#include <Eigen/Geometry>
#include <cmath>
#include <functional>
#include <string>
#include <utility>

#include "byte_view.h"
#include "depth_view.h"
#include "frame_pyramid.h"
#include "pinhole.h"
#include "se3.h"

namespace loci {

inline double number(const Napi::Object& object, const char* name) {
  return object.Get(name).As<Napi::Number>().DoubleValue();
}

inline Pinhole readPinhole(const Napi::Object& object) {
  return {number(object, "fx"), number(object, "fy"), number(object, "cx"),
          number(object, "cy"), int(number(object, "width")), int(number(object, "height"))};
}

inline Napi::Object writePinhole(Napi::Env env, const Pinhole& camera) {
  auto object = Napi::Object::New(env);
  object.Set("fx", camera.fx);
  object.Set("fy", camera.fy);
  object.Set("cx", camera.cx);
  object.Set("cy", camera.cy);
  object.Set("width", camera.width);
  object.Set("height", camera.height);
  return object;
}

/// A row-major 4 × 4 camera-to-world matrix; the nearest rotation is taken of its upper left part.
inline Se3 readPose(const Napi::Array& array) {
  Se3 pose;
  for (uint32_t row = 0; row < 3; ++row) {
    for (uint32_t column = 0; column < 3; ++column) {
      pose.rotation(row, column) = array.Get(4 * row + column).As<Napi::Number>().DoubleValue();
    }
    pose.translation[row] = array.Get(4 * row + 3).As<Napi::Number>().DoubleValue();
  }
  pose.rotation = Eigen::Quaterniond(pose.rotation).normalized().toRotationMatrix();
  return pose;
}

/// `{ width, height, data }`; the view borrows the data. Throws when the data is shorter than its size says.
inline ImageView readImage(const Napi::Object& object) {
  const auto data = object.Get("data").As<Napi::Uint8Array>();
  const ImageView image{data.Data(), int(number(object, "width")), int(number(object, "height"))};
  if (image.width <= 0 || image.height <= 0 || data.ElementLength() < size_t(image.width) * image.height * 3) {
    throw Napi::TypeError::New(object.Env(), "image.data must hold width × height × 3 bytes");
  }
  return image;
}

/// `{ width, height, data, metresPerUnit }`; the camera gets the size only.
inline DepthView readDepth(const Napi::Object& object) {
  const auto data = object.Get("data").As<Napi::Uint16Array>();
  DepthView depth;
  depth.data = data.Data();
  depth.metresPerUnit = number(object, "metresPerUnit");
  depth.camera.width = int(number(object, "width"));
  depth.camera.height = int(number(object, "height"));
  if (depth.camera.width <= 0 || depth.camera.height <= 0 ||
      data.ElementLength() < size_t(depth.camera.width) * depth.camera.height) {
    throw Napi::TypeError::New(object.Env(), "depth.data must hold width × height values");
  }
  return depth;
}

/// `{ width, height, data }` with a byte a pixel, or undefined; the view borrows the data.
inline ByteView readBytes(const Napi::Value& value) {
  if (!value.IsObject()) {
    return {};
  }
  const auto object = value.As<Napi::Object>();
  const auto data = object.Get("data").As<Napi::Uint8Array>();
  const ByteView bytes{data.Data(), int(number(object, "width")), int(number(object, "height"))};
  if (bytes.width <= 0 || bytes.height <= 0 || data.ElementLength() < size_t(bytes.width) * size_t(bytes.height)) {
    throw Napi::TypeError::New(value.Env(), "data must hold width × height bytes");
  }
  return bytes;
}

/// Keeps all arguments of a call, buffers among them, and its object from being collected.
inline Napi::Array keepAlive(const Napi::CallbackInfo& info) {
  auto kept = Napi::Array::New(info.Env());
  kept.Set(uint32_t(0), info.This());
  for (uint32_t i = 0; i < info.Length(); ++i) {
    kept.Set(i + 1, info[i]);
  }
  return kept;
}

template <class Point>
Napi::Object writePoints(Napi::Env env, const std::vector<Point>& points) {
  auto positions = Napi::Float32Array::New(env, points.size() * 3);
  auto colours = Napi::Uint8Array::New(env, points.size() * 3);
  for (size_t i = 0; i < points.size(); ++i) {
    for (size_t axis = 0; axis < 3; ++axis) {
      positions.Data()[3 * i + axis] = points[i].position[Eigen::Index(axis)];
      colours.Data()[3 * i + axis] = points[i].colour[axis];
    }
  }
  auto cloud = Napi::Object::New(env);
  cloud.Set("positions", positions);
  cloud.Set("colours", colours);
  return cloud;
}

/// Runs `work` on a worker thread and settles a promise with what `answer` makes of its result on the event loop.
/// `keepAlive` (the object that owns the state, the buffers in use) is not collected meanwhile.
template <class Result>
class Task : public Napi::AsyncWorker {
 public:
  using Work = std::function<Result()>;
  using Answer = std::function<Napi::Value(Napi::Env, Result&)>;

  static Napi::Promise run(Napi::Env env, Napi::Array keepAlive, Work work, Answer answer) {
    auto* task = new Task(env, keepAlive, std::move(work), std::move(answer));  // deletes itself when done
    const Napi::Promise promise = task->deferred_.Promise();
    task->Queue();
    return promise;
  }

 private:
  Task(Napi::Env env, Napi::Array keepAlive, Work work, Answer answer)
      : AsyncWorker(env),
        deferred_(Napi::Promise::Deferred::New(env)),
        keepAlive_(Napi::Persistent(keepAlive.As<Napi::Object>())),
        work_(std::move(work)),
        answer_(std::move(answer)) {}

  void Execute() override { result_ = work_(); }
  void OnOK() override { deferred_.Resolve(answer_(Env(), result_)); }
  void OnError(const Napi::Error& error) override { deferred_.Reject(error.Value()); }

  Napi::Promise::Deferred deferred_;
  Napi::ObjectReference keepAlive_;
  Work work_;
  Answer answer_;
  Result result_{};
};

}  // namespace loci
