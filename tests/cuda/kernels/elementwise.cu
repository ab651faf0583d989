__global__ void vadd(float* c, const float* a, const float* b, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < n) c[i] = a[i] + b[i];
}
__global__ void vadd_noguard(float* c, const float* a, const float* b, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  c[i] = a[i] + b[i];  //! OUT_OF_BOUNDS
}
__global__ void copy_stride(float* o, const float* a, int s) { int i = blockIdx.x*blockDim.x+threadIdx.x; o[i] = a[i*s]; }
__global__ void copy_off(float* o, const float* a, int off) { int i = blockIdx.x*blockDim.x+threadIdx.x; o[i] = a[i+off]; }
__global__ void copy4(float4* o, const float4* a) { int i = blockIdx.x*blockDim.x+threadIdx.x; o[i] = a[i]; }
struct P { float x, y, z, m; };
__global__ void aos(float* o, const P* p) { int i = blockIdx.x*blockDim.x+threadIdx.x; o[i] = p[i].x; }
__global__ void bcast(float* o, const float* a) { int i = blockIdx.x*blockDim.x+threadIdx.x; o[i] = a[0]; }
