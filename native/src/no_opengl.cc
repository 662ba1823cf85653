/// OpenCV's static core contains a bridge to OpenGL, which nothing here uses, and names these functions of GLX for it.
/// Answering "there is none" keeps OpenGL's libraries out of the addon.
extern "C" {
void* glXGetCurrentContext() { return nullptr; }
void* glXGetCurrentDisplay() { return nullptr; }
void* glXGetProcAddressARB(const unsigned char*) { return nullptr; }
}
