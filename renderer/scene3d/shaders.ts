import { ShaderStore } from '@babylonjs/core/Engines/shaderStore';

/**
 * Lines of a width in pixels. Each segment is a quad; the vertex shader moves its corners sideways on screen. Segments
 * that pass the camera are cut at the near plane, or their far end would be mirrored.
 */
ShaderStore.ShadersStore['segmentsVertexShader'] = `
precision highp float;
attribute vec3 position;
attribute vec3 other;
attribute float side;
attribute vec4 color;
attribute float time;
uniform mat4 viewProjection;
uniform vec2 viewport;
uniform float width;
uniform vec3 window;      // playhead, first and last moment of the working window
uniform vec4 past;
uniform vec4 ahead;
uniform vec4 working;
uniform float followsTime;
varying vec4 tint;
void main(void) {
  vec4 here = viewProjection * vec4(position, 1.0);
  vec4 there = viewProjection * vec4(other, 1.0);
  float near = 0.02;
  if (here.w < near && there.w > near) {
    here = mix(here, there, (near - here.w) / (there.w - here.w));
  } else if (there.w < near && here.w > near) {
    there = mix(there, here, (near - there.w) / (here.w - there.w));
  }
  float wide = width * color.a;
  tint = vec4(color.rgb, 1.0);
  if (followsTime > 0.5) {
    bool held = time >= window.y && time <= window.z;
    tint = time > window.x ? ahead : (held ? working : past);
    wide = held ? width * 2.5 : width;
  }
  vec2 along = (there.xy / there.w - here.xy / here.w) * viewport;
  float size = length(along);
  vec2 aside = size > 1e-4 ? vec2(-along.y, along.x) / size : vec2(0.0, 1.0);
  here.xy += aside * side * wide / viewport * here.w;
  gl_Position = here;
}`;
ShaderStore.ShadersStore['segmentsFragmentShader'] = `
precision highp float;
varying vec4 tint;
void main(void) {
  gl_FragColor = tint;
}`;

/** Points as small squares of their own colour, as large as the surface that each stands for. */
ShaderStore.ShadersStore['cloudVertexShader'] = `
precision highp float;
attribute vec3 position;
attribute vec4 color;
uniform mat4 viewProjection;
uniform float pointSize;      // in the scene's unit
uniform float pixelsPerUnit;  // at depth 1
varying vec3 tint;
void main(void) {
  gl_Position = viewProjection * vec4(position, 1.0);
  gl_PointSize = clamp(pointSize * pixelsPerUnit / max(gl_Position.w, 0.01), 1.5, 7.0);
  tint = color.rgb;
}`;
ShaderStore.ShadersStore['cloudFragmentShader'] = `
precision highp float;
varying vec3 tint;
void main(void) {
  gl_FragColor = vec4(tint, 1.0);
}`;
