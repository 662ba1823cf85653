#pragma once

#include <napi.h>

namespace loci {

// One class a file, `addon_NAME.cc`; each is named here and exported in `addon.cc`.
Napi::Function defineMovingPixels(Napi::Env env);
Napi::Function defineOdometry(Napi::Env env);
Napi::Function defineViewDepth(Napi::Env env);
Napi::Function definePictureMatching(Napi::Env env);
Napi::Function defineSplatRenderer(Napi::Env env);
Napi::Function defineSessionMap(Napi::Env env);
Napi::Function defineVoxelMap(Napi::Env env);
Napi::Function defineRemap(Napi::Env env);

}  // namespace loci
