#define R 3
__constant__ float w[2 * R + 1];
__global__ void sten(float* o, const float* a, int n) {
  extern __shared__ float s[];
  int t = threadIdx.x, i = blockIdx.x * blockDim.x + t, l = t + R;
  s[l] = a[i];
  if (t < R) { s[t] = i >= R ? a[i - R] : 0.0f; s[l + blockDim.x] = i + blockDim.x < n ? a[i + blockDim.x] : 0.0f; }
  __syncthreads();
  float v = 0;
  for (int k = -R; k <= R; k++) v += w[k + R] * s[l + k];
  o[i] = v;
}
__global__ void sten_oob(float* o, const float* a, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= 1 && i <= n - 1) o[i] = (a[i - 1] + a[i] + a[i + 1]) / 3.0f;  //! OUT_OF_BOUNDS
}
__global__ void sten_ok(float* o, const float* a, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= 1 && i < n - 1) o[i] = (a[i - 1] + a[i] + a[i + 1]) / 3.0f;
}
__global__ void sten_sh_oob(float* o, const float* a, int n) {
  __shared__ float s[256 + R];
  int t = threadIdx.x, i = blockIdx.x * blockDim.x + t;
  s[t] = a[i];
  if (t <= R) s[256 + t] = i + 256 < n ? a[i + 256] : 0.0f;  //! INDEX_OUT_OF_RANGE
  __syncthreads();
  float v = 0; for (int k = 0; k <= R; k++) v += s[t + k];
  o[i] = v;
}
