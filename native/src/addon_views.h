#pragma once

#include <napi.h>

#include <algorithm>
#include <vector>

#include "snapshot.h"
#include "view.h"

namespace loci {

inline int64_t ptsOf(const View& view) { return view.ptsMicros; }

template <class Mapped>
int64_t ptsOf(const Mapped& mapped) {
  return mapped.view.ptsMicros;
}

/// Views as an array of `{ ptsMicros, bytes }`; the bytes are this machine's, as those of a snapshot.
template <class T>
Napi::Array writePacked(Napi::Env env, const std::vector<T>& views) {
  auto array = Napi::Array::New(env, views.size());
  for (size_t i = 0; i < views.size(); ++i) {
    SnapshotWriter writer;
    writer(const_cast<T&>(views[i]));  // a writer only reads what it is given
    auto bytes = Napi::Uint8Array::New(env, writer.data.size());
    std::copy(writer.data.begin(), writer.data.end(), bytes.Data());
    auto view = Napi::Object::New(env);
    view.Set("ptsMicros", double(ptsOf(views[i])));
    view.Set("bytes", bytes);
    array.Set(uint32_t(i), view);
  }
  return array;
}

/// Reads what `writePacked` wrote; throws when the bytes are damaged.
template <class T>
std::vector<T> readPacked(const Napi::Array& array) {
  std::vector<T> views(array.Length());
  for (uint32_t i = 0; i < array.Length(); ++i) {
    const auto bytes = array.Get(i).As<Napi::Object>().Get("bytes").As<Napi::Uint8Array>();
    try {
      SnapshotReader reader(bytes.Data(), bytes.ElementLength());
      reader(views[i]);
    } catch (const std::runtime_error& error) {
      throw Napi::Error::New(array.Env(), error.what());
    }
  }
  return views;
}

}  // namespace loci
