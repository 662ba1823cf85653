#include "triangulation.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

namespace loci {

std::optional<Eigen::Vector3d> triangulate(const Pinhole& camera, const std::vector<View>& views,
                                           double minParallaxRadians, double maxErrorPixels) {
  if (views.size() < 2) {
    return std::nullopt;
  }
  // Parallax against the first view only: it is the oldest, so the widest pair nearly always contains it.
  const Eigen::Vector3d first =
      (views[0].cameraFromWorld.rotation.transpose() * camera.ray(views[0].pixel)).normalized();
  double smallestCosine = 1;
  Eigen::Matrix4d normal = Eigen::Matrix4d::Zero();
  for (const View& view : views) {
    const Eigen::Vector3d ray = camera.ray(view.pixel);
    smallestCosine =
        std::min(smallestCosine, first.dot((view.cameraFromWorld.rotation.transpose() * ray).normalized()));
    Eigen::Matrix<double, 3, 4> projection;
    projection << view.cameraFromWorld.rotation, view.cameraFromWorld.translation;
    const Eigen::RowVector4d x = projection.row(0) - ray.x() * projection.row(2);
    const Eigen::RowVector4d y = projection.row(1) - ray.y() * projection.row(2);
    normal += x.transpose() * x + y.transpose() * y;
  }
  if (smallestCosine > std::cos(minParallaxRadians)) {
    return std::nullopt;
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix4d> solver(normal);
  const Eigen::Vector4d homogeneous = solver.eigenvectors().col(0);
  if (std::abs(homogeneous.w()) < 1e-9) {
    return std::nullopt;
  }
  const Eigen::Vector3d point = homogeneous.head<3>() / homogeneous.w();
  for (const View& view : views) {
    const Eigen::Vector3d p = view.cameraFromWorld * point;
    if (p.z() < 0.05 || (camera.project(p) - view.pixel).norm() > maxErrorPixels) {
      return std::nullopt;
    }
  }
  return point;
}

}  // namespace loci
