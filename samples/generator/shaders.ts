const colourVertex = `
precision highp float;
attribute vec3 position;
attribute vec2 uv;
attribute vec3 light;
uniform mat4 world;
uniform mat4 view;
uniform mat4 projection;
uniform float repeats;
varying vec2 vUv;
varying vec3 vLight;
void main() {
  vUv = uv * repeats;
  vLight = light;
  gl_Position = projection * view * world * vec4(position, 1.0);
}`;

// Textures are painted as they should look under white light; squaring and rooting stand in for the display's curve.
// The shoulder keeps sunlit places from burning out.
const colourFragment = `
precision highp float;
varying vec2 vUv;
varying vec3 vLight;
uniform sampler2D picture;
void main() {
  vec3 albedo = texture2D(picture, vUv).rgb;
  vec3 c = albedo * albedo * vLight;
  c = c * (1.0 + c * 0.11) / (1.0 + c * 0.55) * 1.18;
  gl_FragColor = vec4(sqrt(clamp(c, 0.0, 1.0)), 1.0);
}`;

const truthVertex = `
precision highp float;
attribute vec3 position;
attribute float maskNumber;
uniform mat4 world;
uniform mat4 view;
uniform mat4 projection;
varying float vDepth;
varying float vMask;
void main() {
  vec4 camera = view * world * vec4(position, 1.0);
  vDepth = -camera.z;
  vMask = maskNumber;
  gl_Position = projection * camera;
}`;

const truthFragment = `
precision highp float;
varying float vDepth;
varying float vMask;
void main() {
  float millimetres = floor(vDepth * 1000.0 + 0.5);
  float high = floor(millimetres / 256.0);
  gl_FragColor = vec4(high / 255.0, (millimetres - high * 256.0) / 255.0, floor(vMask + 0.5) / 255.0, 1.0);
}`;

/** GLSL of the two passes: what a camera sees, and depth with mask numbers. */
export const shaders = {
  colour: { vertex: colourVertex, fragment: colourFragment },
  truth: { vertex: truthVertex, fragment: truthFragment },
} as const;
