__device__ float3 operator+(float3 a, float3 b) { return make_float3(a.x+b.x, a.y+b.y, a.z+b.z); }
__device__ float3 operator*(float3 a, float s) { return make_float3(a.x*s, a.y*s, a.z*s); }
__device__ float sample(const float* v, int n, float3 p) {
  float x = p.x - 0.5f, y = p.y - 0.5f, z = p.z - 0.5f;
  int ix = (int)floorf(x), iy = (int)floorf(y), iz = (int)floorf(z);
  if (ix < 0 || iy < 0 || iz < 0 || ix >= n - 1 || iy >= n - 1 || iz >= n - 1) return 0.0f;
  float fx = x - ix, fy = y - iy, fz = z - iz;
  const float* q = v + ((size_t)iz * n + iy) * n + ix;
  float c00 = q[0] + fx * (q[1] - q[0]), c10 = q[n] + fx * (q[n + 1] - q[n]);
  const float* u = q + n * n;
  float c01 = u[0] + fx * (u[1] - u[0]), c11 = u[n] + fx * (u[n + 1] - u[n]);
  float c0 = c00 + fy * (c10 - c00), c1 = c01 + fy * (c11 - c01);
  return c0 + fz * (c1 - c0);
}
__global__ void mip(float* img, int w, int h, const float* vol, int n, float ca, float sa, float step) {
  int px = blockIdx.x * blockDim.x + threadIdx.x, py = blockIdx.y * blockDim.y + threadIdx.y;
  if (px >= w || py >= h) return;
  float u = (px + 0.5f) / w - 0.5f, v = (py + 0.5f) / h - 0.5f, L = 0.87f;
  float3 o = make_float3((u * ca + L * sa + 0.5f) * n, (v + 0.5f) * n, (-u * sa + L * ca + 0.5f) * n);
  float3 d = make_float3(-sa, 0.0f, -ca);
  float m = 0.0f;
  for (float t = 0.0f; t < 2.0f * L * n; t += step) m = fmaxf(m, sample(vol, n, o + d * t));
  img[py * w + px] = m;
}
