#pragma once

#include <napi.h>

#include <algorithm>
#include <vector>

#include "snapshot.h"
#include "view.h"

namespace loci {

/// Views as an array of `{ ptsMicros, bytes }`; the bytes are this machine's, as those of a snapshot.
inline Napi::Array writeViews(Napi::Env env, std::vector<View> views) {
  auto array = Napi::Array::New(env, views.size());
  for (size_t i = 0; i < views.size(); ++i) {
    SnapshotWriter writer;
    writer(views[i]);
    auto bytes = Napi::Uint8Array::New(env, writer.data.size());
    std::copy(writer.data.begin(), writer.data.end(), bytes.Data());
    auto view = Napi::Object::New(env);
    view.Set("ptsMicros", double(views[i].ptsMicros));
    view.Set("bytes", bytes);
    array.Set(uint32_t(i), view);
  }
  return array;
}

/// Reads what `writeViews` wrote; throws when the bytes are damaged.
inline std::vector<View> readViews(const Napi::Array& array) {
  std::vector<View> views(array.Length());
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
